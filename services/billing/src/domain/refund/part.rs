//! What of a refund goes back to the cards it came from: which charges, and how much of each.

use kernel::{Money, Time, coded};

/// The bank gives back no less than this of a charge, unless it is all of it (DOMAIN section 1.6), in minor units.
const PART_MIN: i64 = 1_000;

coded! {
    /// Where a part stands.
    PartState {
        Sent = "sent",
        Done = "done",
        Failed = "failed",
    }
}

/// So much of one charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub id: String,
    pub refund: String,
    /// The charge, by the bank's id.
    pub operation: String,
    pub attempt: String,
    pub card_mask: String,
    pub amount: Money,
    pub state: PartState,
    /// Why it failed, as payments tells it.
    pub reason: String,
    pub at: Time,
}

impl Part {
    /// Whether its sum has gone back, or may have.
    pub(crate) fn counts(&self) -> bool {
        self.state != PartState::Failed
    }
}

/// A charge by card, and what is left of it at the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CardCharge {
    pub operation: String,
    pub attempt: String,
    pub card_mask: String,
    pub amount: i64,
    pub left: i64,
    /// It paid an invoice.
    pub applied: bool,
}

impl CardCharge {
    /// Whether the bank gives so much of it back in one go.
    fn gives(&self, sum: i64) -> bool {
        sum > 0 && sum <= self.left && (sum >= PART_MIN || (sum == self.amount && self.left == self.amount))
    }
}

/// Which charges a sum goes back to; none where they don't make it up. One that it is all of comes first; else money that
/// paid nothing where `surplus` says so, else money that paid.
pub(crate) fn allocate(amount: Money, charges: &[CardCharge], surplus: bool) -> Option<Vec<(&CardCharge, Money)>> {
    let mut rest = amount.minor();
    if rest <= 0 {
        return None;
    }
    let mut ordered: Vec<&CardCharge> = charges.iter().filter(|charge| charge.left > 0).collect();
    ordered.sort_by_key(|charge| (charge.left != rest, charge.applied == surplus));
    let mut parts = Vec::new();
    for charge in ordered {
        let mut sum = rest.min(charge.left);
        let after = rest - sum;
        if after > 0 && after < PART_MIN {
            // What would be left is too little for the next one.
            sum -= PART_MIN - after;
        }
        if charge.gives(sum) {
            parts.push((charge, Money::home(sum)));
            rest -= sum;
        }
        if rest == 0 {
            return Some(parts);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(operation: &str, amount: i64, left: i64, applied: bool) -> CardCharge {
        let text = String::new;
        CardCharge { operation: operation.to_owned(), attempt: text(), card_mask: text(), amount, left, applied }
    }

    fn shown(sum: i64, charges: &[CardCharge], surplus: bool) -> Option<Vec<(String, i64)>> {
        let parts = allocate(Money::home(sum), charges, surplus)?;
        Some(parts.into_iter().map(|(charge, sum)| (charge.operation.clone(), sum.minor())).collect())
    }

    #[test]
    fn each_sum_finds_its_charges_or_none() {
        let two = [charge("paid", 10_000, 10_000, true), charge("twice", 10_000, 10_000, false)];
        let of = |pairs: &[(&str, i64)]| {
            Some(pairs.iter().map(|(name, sum)| ((*name).to_owned(), *sum)).collect::<Vec<_>>())
        };
        assert_eq!(shown(10_000, &two, true), of(&[("twice", 10_000)]), "what was paid twice goes back to its card");
        assert_eq!(shown(10_000, &two, false), of(&[("paid", 10_000)]));
        assert_eq!(shown(20_000, &two, false), of(&[("paid", 10_000), ("twice", 10_000)]));
        assert_eq!(
            shown(10_400, &two, false),
            of(&[("paid", 9_400), ("twice", 1_000)]),
            "nothing below the least part"
        );
        assert_eq!(shown(20_001, &two, false), None, "never more than came");
        assert_eq!(shown(999, &two, false), None);
        assert_eq!(shown(0, &two, false), None);
        let small = [charge("small", 500, 500, true), charge("rest", 10_000, 400, true)];
        assert_eq!(shown(500, &small, false), of(&[("small", 500)]), "a whole charge goes back however small");
        assert_eq!(shown(400, &small, false), None);
    }

    /// Whatever the charges: the parts make up the sum, no charge gives more than it has, and the bank takes each part.
    #[test]
    fn parts_always_make_up_the_sum() {
        let mut chance = 7_u64;
        let mut draw = |below: u64| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((chance >> 33) % below).unwrap()
        };
        for _ in 0..20_000 {
            let charges: Vec<CardCharge> = (0..draw(4))
                .map(|n| {
                    let amount = 1 + draw(5_000);
                    let left = if draw(2) == 0 { amount } else { draw(u64::try_from(amount).unwrap()) };
                    charge(&n.to_string(), amount, left, draw(2) == 0)
                })
                .collect();
            let sum = draw(9_000);
            let Some(parts) = allocate(Money::home(sum), &charges, draw(2) == 0) else { continue };
            assert_eq!(parts.iter().map(|(_, part)| part.minor()).sum::<i64>(), sum);
            assert!(parts.iter().all(|(charge, part)| charge.gives(part.minor())), "{charges:?} {sum}");
            let mut names: Vec<_> = parts.iter().map(|(charge, _)| &charge.operation).collect();
            names.dedup();
            assert_eq!(names.len(), parts.len(), "one part a charge");
        }
    }
}
