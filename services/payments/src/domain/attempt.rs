//! One try to pay an invoice at the bank.

use std::time::Duration;

use kernel::{AccountId, AttemptId, InvoiceId, Money, Time};

use super::{
    decision::{Charge, HoldOrder, MismatchKind, Verdict},
    reasons::Decline,
    schedule::Periods,
    state::{Move, State, next},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub id: AttemptId,
    pub version: i64,
    pub invoice_id: InvoiceId,
    pub application_number: i64,
    pub account: AccountId,
    pub state: State,
    pub amount: Money,
    /// The bank's order number.
    pub bank_invoice_id: String,
    pub terminal: String,
    pub document_number: String,
    /// Given to the bank with the token, comes back in callbacks.
    pub secret_hash: String,
    pub decline: Option<Decline>,
    /// The bank's own code of a decline.
    pub reason_code: String,
    pub created_at: Time,
    /// When it was last led to the bank.
    pub started_at: Time,
    /// From then on the bank's page can't be opened any more.
    pub page_expires_at: Time,
    pub closed_at: Option<Time>,
    /// Looks after the deadline that found it never opened.
    pub late_polls: u32,
    pub last_inquiry_at: Time,
    pub next_inquiry_at: Option<Time>,
    pub hold: Hold,
}

/// A sum that the bank holds, and what was asked of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hold {
    /// The bank's id.
    pub operation: String,
    pub order: Option<HoldOrder>,
    /// When the bank was last asked to take it or to let it go.
    pub called_at: Option<Time>,
}

/// A bank that did not answer is asked for the same again after this.
const HOLD_REPEAT: Duration = Duration::from_secs(30);

/// What a verdict made of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    Charged(Charge),
    Closed {
        outcome: &'static str,
        decline: Option<Decline>,
    },
    Mismatched {
        kind: MismatchKind,
        charged_minor: i64,
        currency: String,
        bank_operation_id: String,
        reference: String,
        card_mask: String,
    },
}

impl Attempt {
    /// Led to the bank with a fresh token; false when it may not be any more.
    pub(crate) fn redirect(&mut self, now: Time, page_expires_at: Time, periods: &Periods) -> bool {
        let Some(state) = next(self.state, Move::Redirect) else { return false };
        self.state = state;
        self.started_at = now;
        self.page_expires_at = page_expires_at.max(self.page_expires_at);
        self.late_polls = 0;
        self.next_inquiry_at = periods.next(self, now);
        true
    }

    /// Applies what the bank's answer means. The same verdict twice changes nothing more.
    pub(crate) fn apply(&mut self, verdict: &Verdict, now: Time, periods: &Periods) -> Option<Fact> {
        self.last_inquiry_at = now;
        if matches!(verdict, Verdict::Untouched { late: true }) {
            self.late_polls = self.late_polls.saturating_add(1);
        }
        let fact = self.moved(verdict, now);
        self.next_inquiry_at = periods.next(self, now).or_else(|| self.owed(verdict, now, periods));
        fact
    }

    /// No watch ends with an answer that told nothing: the money may have come meanwhile.
    fn owed(&self, verdict: &Verdict, now: Time, periods: &Periods) -> Option<Time> {
        let told_nothing = matches!(verdict, Verdict::Unknown | Verdict::UnderWay);
        (told_nothing && !self.state.is_final()).then(|| now.plus(periods.late))
    }

    /// Never led to the bank, and its invoice is void.
    pub(crate) fn void(&mut self, now: Time) -> Option<Fact> {
        if self.state != State::Created {
            return None;
        }
        self.moved(&Verdict::Abandoned, now)
    }

    fn moved(&mut self, verdict: &Verdict, now: Time) -> Option<Fact> {
        let (by, fact) = match verdict {
            Verdict::Charged(charge) => (Move::VerifyCharge, Fact::Charged(charge.clone())),
            Verdict::Mismatched { kind, charged_minor, currency, bank_operation_id, reference, card_mask } => {
                let fact = Fact::Mismatched {
                    kind: *kind,
                    charged_minor: *charged_minor,
                    currency: currency.clone(),
                    bank_operation_id: bank_operation_id.clone(),
                    reference: reference.clone(),
                    card_mask: card_mask.clone(),
                };
                (Move::Mismatch, fact)
            }
            Verdict::Failed { decline, .. } => (Move::Fail, Fact::Closed { outcome: "failed", decline: *decline }),
            Verdict::Held { operation, order } => {
                self.held(operation, *order);
                return None;
            }
            Verdict::Reversed => (Move::Reverse, Fact::Closed { outcome: "reversed", decline: None }),
            Verdict::Abandoned => (Move::Abandon, Fact::Closed { outcome: "abandoned", decline: None }),
            Verdict::Untouched { .. } | Verdict::UnderWay | Verdict::Unknown => return None,
        };
        self.state = next(self.state, by)?;
        self.closed_at = Some(now);
        match verdict {
            Verdict::Failed { decline, reason_code } => {
                self.decline = *decline;
                self.reason_code.clone_from(reason_code);
            }
            Verdict::Charged(_) | Verdict::Mismatched { .. } => {
                self.decline = None;
                self.reason_code.clear();
            }
            Verdict::Abandoned
            | Verdict::Held { .. }
            | Verdict::Reversed
            | Verdict::Untouched { .. }
            | Verdict::UnderWay
            | Verdict::Unknown => {}
        }
        Some(fact)
    }

    fn held(&mut self, operation: &str, order: HoldOrder) {
        if let Some(state) = next(self.state, Move::Authorise) {
            self.state = state;
            self.closed_at = None;
            self.decline = None;
            self.reason_code.clear();
        }
        operation.clone_into(&mut self.hold.operation);
        if self.hold.order != Some(order) {
            self.hold.order = Some(order);
            self.hold.called_at = None;
        }
    }

    /// What the bank is to be asked now of the sum that it holds: the intent, kept before the call.
    pub(crate) fn claim_hold(&mut self, now: Time) -> Option<HoldOrder> {
        let due = self.hold.called_at.is_none_or(|at| now >= at.plus(HOLD_REPEAT));
        let order = self.hold.order.filter(|_| self.state == State::Authorised && due)?;
        self.hold.called_at = Some(now);
        Some(order)
    }
}
