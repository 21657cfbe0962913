//! Money that goes back: asked for by its payer or from his letter, looked at, decided on by somebody else, and paid out
//! by a payment order. What goes back of an invoice is credited; what was never applied is released from suspense.

use jiff::civil::Date;
use kernel::{AccountId, ApplicationNumber, Bic, InvoiceId, LineText, Money, Refusal, Time, Violations, coded};
use serde::{Deserialize, Serialize};

use super::{codes, invoice::Invoice, payer};

coded! {
    /// State of a refund.
    RefundState {
        Requested = "requested",
        UnderReview = "under_review",
        Approved = "approved",
        Declined = "declined",
        Done = "done",
    }
}

coded! {
    /// What is asked for: everything that is left, some persons of some lines, or what was paid too much or for nothing
    /// in force.
    RefundKind {
        Full = "full",
        Lines = "lines",
        Surplus = "surplus",
    }
}

/// So many of a line of the invoice, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefundLine {
    pub number: u32,
    pub quantity: u32,
}

/// Why, and where the money goes; stored sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Details {
    pub reason: String,
    pub holder: String,
    pub bank: String,
    pub iban: String,
    pub bic: String,
    /// Of the letter that staff recorded.
    pub letter_number: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub id: String,
    pub application: ApplicationNumber,
    pub invoice: InvoiceId,
    pub state: RefundState,
    pub kind: RefundKind,
    pub lines: Vec<RefundLine>,
    pub credited: Money,
    pub released: Money,
    pub details: Details,
    pub requested_at: Time,
    pub due_date: Date,
    pub reviewed_by: String,
    pub decided_by: String,
    pub decline_reason: String,
    pub credit_note: String,
    pub order_number: String,
    pub order_date: String,
}

impl RefundState {
    /// Whether a supervisor has granted it: what it credits is owed no more.
    pub(crate) fn is_granted(self) -> bool {
        matches!(self, Self::Approved | Self::Done)
    }
}

impl Refund {
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, RefundState::Requested | RefundState::UnderReview | RefundState::Approved)
    }

    /// Whether its sum is spoken for.
    fn counts(&self) -> bool {
        self.state != RefundState::Declined
    }

    pub(crate) fn amount(&self) -> Money {
        Money::home(self.credited.minor().saturating_add(self.released.minor()))
    }

    /// Staff have looked at it and put it before a supervisor.
    pub(crate) fn review(&mut self, by: AccountId) -> Result<(), Refusal> {
        self.expect(RefundState::Requested)?;
        if self.details.iban.is_empty() {
            return Err(Refusal::new(codes::REFUND_ACCOUNT_MISSING));
        }
        self.state = RefundState::UnderReview;
        self.reviewed_by = by.to_string();
        Ok(())
    }

    /// Another person decides.
    pub(crate) fn decide(&mut self, by: AccountId, decline: Option<String>) -> Result<(), Refusal> {
        self.expect(RefundState::UnderReview)?;
        if self.reviewed_by == by.to_string() {
            return Err(Refusal::new(codes::FOUR_EYES));
        }
        self.decided_by = by.to_string();
        match decline {
            None => self.state = RefundState::Approved,
            Some(reason) => {
                self.state = RefundState::Declined;
                self.decline_reason = reason;
            }
        }
        Ok(())
    }

    /// Finance has paid it out by an order of that number; not who granted it.
    pub(crate) fn execute(&mut self, by: AccountId, order: String, on: Date) -> Result<(), Refusal> {
        self.expect(RefundState::Approved)?;
        if self.decided_by == by.to_string() {
            return Err(Refusal::new(codes::FOUR_EYES));
        }
        self.state = RefundState::Done;
        self.order_number = order;
        self.order_date = on.to_string();
        Ok(())
    }

    fn expect(&self, state: RefundState) -> Result<(), Refusal> {
        if self.state == state { Ok(()) } else { Err(Refusal::new(codes::REFUND_STATE)) }
    }
}

/// What there is of a case's money.
pub(crate) struct Purse<'a> {
    /// Everything the bank took for it.
    pub came: Money,
    pub invoice: &'a Invoice,
    pub refunds: &'a [Refund],
}

impl Purse<'_> {
    /// What may still be credited of the invoice.
    pub(crate) fn creditable(&self) -> i64 {
        self.invoice.settled.minor() - self.spoken_for(|refund| refund.credited)
    }

    /// What is in suspense and not spoken for.
    pub(crate) fn releasable(&self) -> i64 {
        self.came.minor() - self.invoice.settled.minor() - self.spoken_for(|refund| refund.released)
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
        for (line, number) in self.invoice.content.lines.iter().zip(1_u32..) {
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

/// Checks reason and account as entered. Staff record a letter by its number.
pub(crate) fn check(entered: &Details, by_letter: bool) -> Result<Details, Refusal> {
    let mut faults = Violations::new();
    let reason = match payer::reason(&entered.reason) {
        Ok(reason) => reason,
        Err(refusal) => {
            for violation in refusal.violations {
                faults.push(violation);
            }
            String::new()
        }
    };
    let mut line = |field: &str, text: &str| -> String {
        faults.check(field, LineText::<200>::parse(text)).map(Into::into).unwrap_or_default()
    };
    let holder = line("holder", &entered.holder);
    let bank = line("bank", &entered.bank);
    let letter_number = if by_letter { line("letter_number", &entered.letter_number) } else { String::new() };
    let iban = faults.check("iban", payer::account(&entered.iban, false)).unwrap_or_default();
    let bic = faults.check("bic", Bic::parse(&entered.bic)).map(|bic| bic.as_str().to_owned()).unwrap_or_default();
    faults.into_result(Details { reason, holder, bank, iban, bic, letter_number })
}
