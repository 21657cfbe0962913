//! Money that goes back: asked for by its payer or from his letter, looked at, decided on by somebody else, and given back
//! to the cards it came from, or by a payment order. What goes back of an invoice is credited; what was never applied is
//! released from suspense.

pub(crate) mod part;
mod purse;

use jiff::civil::Date;
use kernel::{AccountId, ApplicationNumber, Bic, InvoiceId, LineText, Money, Refusal, Time, Violations, coded};
use serde::{Deserialize, Serialize};

use super::{
    codes,
    evidence::{Evidence, EvidenceKind},
    payer,
};
use part::{CardCharge, Part, PartState};
pub(crate) use purse::Purse;

coded! {
    /// State of a refund.
    RefundState {
        Requested = "requested",
        UnderReview = "under_review",
        Approved = "approved",
        Sent = "sent",
        Failed = "failed",
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
    /// What was sent to the bank of it, oldest first.
    pub parts: Vec<Part>,
}

impl Refund {
    pub(crate) fn is_open(&self) -> bool {
        match self.state {
            RefundState::Requested
            | RefundState::UnderReview
            | RefundState::Approved
            | RefundState::Sent
            | RefundState::Failed => true,
            RefundState::Declined | RefundState::Done => false,
        }
    }

    /// Granted, whether it has gone back yet or not.
    pub(crate) fn is_granted(&self) -> bool {
        match self.state {
            RefundState::Approved | RefundState::Sent | RefundState::Failed | RefundState::Done => true,
            RefundState::Requested | RefundState::UnderReview | RefundState::Declined => false,
        }
    }

    /// Whether it may still be told where it goes; once it has been looked at, by whoever it belongs to only.
    pub(crate) fn takes_account(&self, own: bool) -> bool {
        let waits = match self.state {
            RefundState::Requested => true,
            RefundState::UnderReview | RefundState::Approved | RefundState::Failed => own,
            RefundState::Sent | RefundState::Declined | RefundState::Done => false,
        };
        waits && self.details.iban.is_empty()
    }

    /// The account as told; why it was asked for stays once somebody has looked at it.
    pub(crate) fn take_account(&mut self, told: Details) -> Result<(), Refusal> {
        if self.state == RefundState::Requested {
            self.details = told;
            return Ok(());
        }
        if told.iban.is_empty() {
            return Err(Refusal::new(codes::REFUND_OPEN));
        }
        let Details { reason, letter_number, .. } = self.details.clone();
        self.details = Details { reason, letter_number, ..told };
        Ok(())
    }

    /// Whether its sum is spoken for.
    fn counts(&self) -> bool {
        self.state != RefundState::Declined
    }

    pub(crate) fn amount(&self) -> Money {
        Money::home(self.credited.minor().saturating_add(self.released.minor()))
    }

    /// What is still to go back of it.
    pub(crate) fn rest(&self) -> Money {
        let back = self.parts.iter().filter(|part| part.state == PartState::Done).map(|part| part.amount.minor());
        Money::home(self.amount().minor() - back.sum::<i64>())
    }

    /// Which charges it may go back to; none where they don't make up what is left of it.
    pub(crate) fn by_card<'a>(&self, charges: &'a [CardCharge]) -> Option<Vec<(&'a CardCharge, Money)>> {
        if self.parts.iter().any(|part| part.state == PartState::Sent) {
            return None;
        }
        part::allocate(self.rest(), charges, self.kind == RefundKind::Surplus)
    }

    /// Staff have looked at it and put it before a supervisor. Without an account it must be able to go back by card.
    pub(crate) fn review(&mut self, by: AccountId, by_card: bool) -> Result<(), Refusal> {
        self.expect(&[RefundState::Requested])?;
        if self.details.iban.is_empty() && !by_card {
            return Err(Refusal::new(codes::REFUND_ACCOUNT_MISSING));
        }
        self.state = RefundState::UnderReview;
        self.reviewed_by = by.to_string();
        Ok(())
    }

    /// Another person decides.
    pub(crate) fn decide(&mut self, by: AccountId, decline: Option<String>) -> Result<(), Refusal> {
        self.expect(&[RefundState::UnderReview])?;
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

    /// Finance lets the bank give it back to the cards; not who granted it. Answers the new parts.
    pub(crate) fn send(
        &mut self,
        by: AccountId,
        charges: &[CardCharge],
        ids: &mut dyn FnMut() -> String,
        now: Time,
    ) -> Result<Vec<Part>, Refusal> {
        self.expect(&[RefundState::Approved, RefundState::Failed])?;
        self.not_decider(by)?;
        let chosen = self.by_card(charges).ok_or_else(|| Refusal::new(codes::REFUND_NOT_BY_CARD))?;
        let fresh: Vec<Part> = chosen
            .into_iter()
            .map(|(charge, amount)| Part {
                id: ids(),
                refund: self.id.clone(),
                operation: charge.operation.clone(),
                attempt: charge.attempt.clone(),
                card_mask: charge.card_mask.clone(),
                amount,
                state: PartState::Sent,
                reason: String::new(),
                at: now,
            })
            .collect();
        self.parts.extend(fresh.iter().cloned());
        self.state = RefundState::Sent;
        Ok(fresh)
    }

    /// The bank told what became of a part: `failed` is why nothing went back of it. Answers the part where that was news.
    pub(crate) fn told(&mut self, part: &str, failed: Option<&str>, now: Time) -> Option<Part> {
        let part = self.parts.iter_mut().find(|known| known.id == part && known.state == PartState::Sent)?;
        part.state = if failed.is_some() { PartState::Failed } else { PartState::Done };
        part.reason = failed.unwrap_or_default().to_owned();
        part.at = now;
        let told = part.clone();
        if self.rest().is_zero() {
            self.state = RefundState::Done;
        } else if !self.parts.iter().any(|part| part.state == PartState::Sent) {
            self.state = RefundState::Failed;
        }
        Some(told)
    }

    fn not_decider(&self, by: AccountId) -> Result<(), Refusal> {
        if self.decided_by == by.to_string() { Err(Refusal::new(codes::FOUR_EYES)) } else { Ok(()) }
    }

    /// Finance has paid out what was left of it by an order of that number; not who granted it.
    pub(crate) fn execute(&mut self, by: AccountId, order: String, on: Date) -> Result<(), Refusal> {
        self.expect(&[RefundState::Approved, RefundState::Failed])?;
        self.not_decider(by)?;
        if self.details.iban.is_empty() {
            return Err(Refusal::new(codes::REFUND_ACCOUNT_MISSING));
        }
        self.state = RefundState::Done;
        self.order_number = order;
        self.order_date = on.to_string();
        Ok(())
    }

    fn expect(&self, states: &[RefundState]) -> Result<(), Refusal> {
        if states.contains(&self.state) { Ok(()) } else { Err(Refusal::new(codes::REFUND_STATE)) }
    }
}

/// The charges by card of a case, and what is left of each beside all parts that went back or may have.
pub(crate) fn card_charges(evidence: &[Evidence], refunds: &[Refund]) -> Vec<CardCharge> {
    let parts = || refunds.iter().flat_map(|refund| &refund.parts).filter(|part| part.counts());
    evidence
        .iter()
        .filter(|shown| shown.kind == EvidenceKind::Charge && !shown.attempt.is_empty())
        .map(|shown| {
            let back: i64 =
                parts().filter(|part| part.operation == shown.operation).map(|part| part.amount.minor()).sum();
            CardCharge {
                operation: shown.operation.clone(),
                attempt: shown.attempt.clone(),
                card_mask: shown.card_mask.clone(),
                amount: shown.amount.minor(),
                left: shown.amount.minor() - back,
                applied: shown.applied,
            }
        })
        .collect()
}

/// Checks reason and account as entered. Staff record a letter by its number. Without an account it goes back by card,
/// where `by_card` says that it can.
pub(crate) fn check(entered: &Details, by_letter: bool, by_card: bool) -> Result<Details, Refusal> {
    let blank = [&entered.bank, &entered.iban, &entered.bic].iter().all(|text| text.trim().is_empty());
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
    let letter_number = if by_letter { line("letter_number", &entered.letter_number) } else { String::new() };
    if by_card && blank {
        return faults.into_result(Details { reason, letter_number, ..Details::default() });
    }
    let holder = line("holder", &entered.holder);
    let bank = line("bank", &entered.bank);
    let iban = faults.check("iban", payer::account(&entered.iban, false)).unwrap_or_default();
    let bic = faults.check("bic", Bic::parse(&entered.bic)).map(|bic| bic.as_str().to_owned()).unwrap_or_default();
    faults.into_result(Details { reason, holder, bank, iban, bic, letter_number })
}
