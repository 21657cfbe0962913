//! How much of a case's money may be asked back, and what a request comes to.

use kernel::{Money, Refusal};

use super::{Refund, RefundKind, RefundLine};
use crate::domain::{codes, invoice::Invoice};

/// What there is of a case's money.
pub(crate) struct Purse<'a> {
    /// Everything the bank took for it.
    pub came: Money,
    /// In force, or paid; none where a former one has run out and no other is issued.
    pub invoice: Option<&'a Invoice>,
    pub refunds: &'a [Refund],
}

impl Purse<'_> {
    /// What may still be credited of the invoice.
    pub(crate) fn creditable(&self) -> i64 {
        self.settled() - self.spoken_for(|refund| refund.credited)
    }

    /// What is in suspense and not spoken for.
    pub(crate) fn releasable(&self) -> i64 {
        self.came.minor() - self.settled() - self.spoken_for(|refund| refund.released)
    }

    fn settled(&self) -> i64 {
        self.invoice.map_or(0, |invoice| invoice.settled.minor())
    }

    fn spoken_for(&self, sum: impl Fn(&Refund) -> Money) -> i64 {
        self.refunds.iter().filter(|refund| refund.counts()).map(|refund| sum(refund).minor()).sum()
    }

    /// What a request comes to, credited and released; never more than is left.
    pub(crate) fn sums(&self, kind: RefundKind, lines: &[RefundLine]) -> Result<(Money, Money), Refusal> {
        let (credited, released) = match kind {
            RefundKind::Full => (self.creditable(), self.releasable()),
            RefundKind::Surplus => (0, self.releasable()),
            RefundKind::Lines => (self.of_lines(lines)?, 0),
        };
        if credited < 0 || released < 0 || credited + released == 0 {
            return Err(Refusal::new(codes::REFUND_NOTHING));
        }
        if credited > self.creditable() {
            return Err(Refusal::at("lines", codes::REFUND_LINES));
        }
        Ok((Money::home(credited), Money::home(released)))
    }

    /// The price of so many of each line, where no more of it is asked back than is left.
    fn of_lines(&self, asked: &[RefundLine]) -> Result<i64, Refusal> {
        let wrong = || Refusal::at("lines", codes::REFUND_LINES);
        let mut sum = 0_i64;
        let lines = self.invoice.map_or(&[][..], |invoice| invoice.content.lines.as_slice());
        for (line, number) in lines.iter().zip(1_u32..) {
            let of = |lines: &[RefundLine]| {
                lines.iter().filter(|line| line.number == number).map(|line| u64::from(line.quantity)).sum::<u64>()
            };
            let before: u64 =
                self.refunds.iter().filter(|refund| refund.counts()).map(|refund| of(&refund.lines)).sum();
            let wanted = of(asked);
            if wanted + before > u64::from(line.quantity) {
                return Err(wrong());
            }
            let wanted = u32::try_from(wanted).map_err(|_| wrong())?;
            let price = line.unit_price.checked_mul(wanted).ok_or_else(wrong)?;
            sum = sum.checked_add(price.minor()).ok_or_else(wrong)?;
        }
        if sum == 0 { Err(wrong()) } else { Ok(sum) }
    }
}
