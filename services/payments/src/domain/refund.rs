//! Money that goes back by card: what of a charge is to be given back, and what the bank's own status makes of it. The
//! bank takes no key that would make a repeated call harmless, so a call is made once, and what became of it is asked.

use std::time::Duration;

use kernel::{AttemptId, Money, Time, coded};

use super::decision::{BankAnswer, Transaction, paid};

coded! {
    /// Where it stands: ordered by billing, called for at the bank, given back, given up.
    RefundState {
        Ordered = "ORDERED",
        Called = "CALLED",
        Done = "DONE",
        Failed = "FAILED",
    }
}

coded! {
    /// Why it was given up.
    Failure {
        Refused = "refused",
        NotCharged = "not_charged",
        TooMuch = "too_much",
        TooLittle = "too_little",
        Unclear = "unclear",
        Silent = "silent",
        UnknownCharge = "unknown_charge",
    }
}

coded! {
    /// What the bank answered to the call itself.
    Heard {
        Nothing = "",
        Accepted = "accepted",
        Refused = "refused",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refund {
    /// Billing's id of the part.
    pub id: String,
    pub version: i64,
    pub refund_id: String,
    pub attempt: Option<AttemptId>,
    pub application_number: i64,
    /// The charge, by the bank's id.
    pub operation: String,
    pub amount: Money,
    pub state: RefundState,
    pub failure: Option<Failure>,
    /// The bank's own code of a refusal.
    pub bank_code: String,
    /// What had gone back of the charge before the call, in minor units.
    pub returned_before: i64,
    pub called_at: Option<Time>,
    pub heard: Heard,
    pub calls: u32,
    pub created_at: Time,
    pub closed_at: Option<Time>,
    pub next_at: Option<Time>,
}

/// How the bank is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// All of an untouched charge.
    Whole,
    Part,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Call(Call),
    Done,
    Fail(Failure),
    Wait,
}

/// The limits of asking.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    /// The least that the bank gives back in part, in minor units.
    pub part_min: i64,
    /// A call that nobody answered may still be carried out for so long.
    pub settle: Duration,
    pub calls_max: u32,
}

impl Refund {
    /// What the bank's status, asked for the charge's order number, means for it.
    pub(crate) fn decide(&self, order: &str, answer: &BankAnswer, now: Time, terms: &Terms) -> Next {
        match (self.state, answer) {
            (RefundState::Done | RefundState::Failed, _) | (_, BankAnswer::Unknown) => Next::Wait,
            (RefundState::Ordered, BankAnswer::NotFound) => Next::Fail(Failure::NotCharged),
            (RefundState::Called, BankAnswer::NotFound) => Next::Wait,
            (_, BankAnswer::Transaction(shown)) if shown.invoice_id != order => Next::Wait,
            (RefundState::Ordered, BankAnswer::Transaction(shown)) => self.may_call(shown, terms),
            (RefundState::Called, BankAnswer::Transaction(shown)) => self.became(shown, now, terms),
        }
    }

    fn may_call(&self, shown: &Transaction, terms: &Terms) -> Next {
        let taken = matches!(shown.status.to_ascii_uppercase().as_str(), "CHARGE" | "REFUND");
        if shown.id != self.operation || !taken || shown.currency != self.amount.currency().code() {
            return Next::Fail(Failure::NotCharged);
        }
        let (Some(paid), Some(returned)) = (paid(shown), returned(shown)) else { return Next::Wait };
        let amount = self.amount.minor();
        if amount > paid - returned {
            Next::Fail(Failure::TooMuch)
        } else if returned == 0 && amount == paid {
            Next::Call(Call::Whole)
        } else if amount < terms.part_min {
            Next::Fail(Failure::TooLittle)
        } else {
            Next::Call(Call::Part)
        }
    }

    fn became(&self, shown: &Transaction, now: Time, terms: &Terms) -> Next {
        let Some(returned) = returned(shown) else { return Next::Wait };
        let (back, amount) = (returned - self.returned_before, self.amount.minor());
        if back >= amount {
            return Next::Done;
        }
        if back != 0 {
            return Next::Fail(Failure::Unclear);
        }
        let settled = self.called_at.is_some_and(|at| now >= at.plus(terms.settle));
        match self.heard {
            Heard::Refused => Next::Fail(Failure::Refused),
            // What the bank says it took on is never called for again.
            Heard::Accepted => Next::Wait,
            Heard::Nothing if !settled => Next::Wait,
            Heard::Nothing if self.calls >= terms.calls_max => Next::Fail(Failure::Silent),
            Heard::Nothing => self.may_call(shown, terms),
        }
    }

    /// The intent to call, before the call.
    pub(crate) fn call(&mut self, shown: &BankAnswer, now: Time) {
        let BankAnswer::Transaction(shown) = shown else { return };
        self.state = RefundState::Called;
        self.returned_before = returned(shown).unwrap_or(0);
        self.called_at = Some(now);
        self.heard = Heard::Nothing;
        self.calls += 1;
        self.next_at = Some(now.plus(SOON));
    }

    pub(crate) fn close(&mut self, failure: Option<Failure>, now: Time) {
        self.state = if failure.is_some() { RefundState::Failed } else { RefundState::Done };
        self.failure = failure;
        self.closed_at = Some(now);
        self.next_at = None;
    }

    /// Asked again soon at first, then at longer intervals.
    pub(crate) fn wait(&mut self, now: Time) {
        let age = now.since(self.called_at.unwrap_or(self.created_at));
        let pause = match age.as_secs() {
            0..60 => SOON,
            60..3600 => Duration::from_mins(1),
            _ => Duration::from_hours(1),
        };
        self.next_at = Some(now.plus(pause));
    }
}

const SOON: Duration = Duration::from_secs(5);

/// What has gone back of a charge: the bank's own sum, else what its sum has shrunk by.
fn returned(shown: &Transaction) -> Option<i64> {
    shown.returned.or_else(|| shown.original.zip(shown.amount).map(|(original, left)| original - left))
}

#[cfg(test)]
#[path = "refund_tests.rs"]
mod tests;
