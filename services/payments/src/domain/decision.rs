//! What the bank's own status means for an attempt. A redirect or a callback proves nothing; this is the only judge.

use kernel::{Currency, Money, Time, coded};

use super::{
    attempt::Attempt,
    reasons::{self, Decline},
    schedule::Periods,
    state::State,
};

/// The bank's answer to a status inquiry, read loosely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BankAnswer {
    /// It knows no such order: nobody has opened the page.
    NotFound,
    Transaction(Box<Transaction>),
    /// No answer, or none that tells anything. Never a failure.
    Unknown,
}

/// A transaction as the bank shows it. Sums are what was parsed of their decimal text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Transaction {
    pub id: String,
    pub status: String,
    pub invoice_id: String,
    pub amount: Option<i64>,
    pub bonus: Option<i64>,
    pub original: Option<i64>,
    /// What went back of it.
    pub returned: Option<i64>,
    pub currency: String,
    pub terminal_id: String,
    pub reason_code: String,
    pub reference: String,
    pub approval_code: String,
    pub card_mask: String,
    pub created_at: Option<Time>,
}

/// Why a charge does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MismatchKind {
    Amount,
    Currency,
    Terminal,
    SecondCharge,
    NotPayable,
}

impl MismatchKind {
    /// Stable code, as stored and told.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Terminal => "terminal",
            Self::SecondCharge => "second_charge",
            Self::NotPayable => "not_payable",
        }
    }
}

/// What we know of the invoice beside this attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Invoice {
    Payable,
    /// Void when the charge came.
    Void,
    /// Another attempt was charged already.
    Charged,
}

/// A charge that agrees in everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Charge {
    pub amount: Money,
    pub bank_operation_id: String,
    pub reference: String,
    pub approval_code: String,
    pub card_mask: String,
    pub charged_at: Time,
}

coded! {
    /// What is to become of a held sum.
    HoldOrder {
        Charge = "charge",
        Release = "release",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Charged(Charge),
    Mismatched {
        kind: MismatchKind,
        charged_minor: i64,
        currency: String,
        bank_operation_id: String,
        reference: String,
        card_mask: String,
    },
    Failed {
        decline: Option<Decline>,
        reason_code: String,
    },
    /// The bank holds the sum; it is to be taken, or to be let go.
    Held {
        operation: String,
        order: HoldOrder,
    },
    /// What was held has been let go.
    Reversed,
    /// Never opened, and looked at twice after the deadline.
    Abandoned,
    /// Not opened yet: the same order may be taken up again.
    Untouched {
        late: bool,
    },
    /// The payer or the bank is at it.
    UnderWay,
    Unknown,
}

/// Judges the bank's answer.
pub(crate) fn decide(
    attempt: &Attempt,
    answer: &BankAnswer,
    invoice: Invoice,
    now: Time,
    periods: &Periods,
) -> Verdict {
    match answer {
        BankAnswer::Unknown => Verdict::Unknown,
        BankAnswer::NotFound => untouched(attempt, now, periods),
        BankAnswer::Transaction(transaction) if transaction.invoice_id != attempt.bank_invoice_id => Verdict::Unknown,
        BankAnswer::Transaction(transaction) => match transaction.status.to_ascii_uppercase().as_str() {
            "NEW" => untouched(attempt, now, periods),
            "CHARGE" => charge(attempt, transaction, invoice, now),
            "AUTH" if periods.two_step => held(attempt, transaction, invoice),
            "CANCEL" | "CANCEL_OLD" if attempt.state == State::Authorised => Verdict::Reversed,
            "REJECT" | "FAILED" if reasons::is_final(&transaction.reason_code) => Verdict::Failed {
                decline: Some(reasons::class(&transaction.reason_code)),
                reason_code: transaction.reason_code.clone(),
            },
            "CANCEL" | "CANCEL_OLD" => Verdict::Failed { decline: None, reason_code: transaction.reason_code.clone() },
            "REFUND" => refund(transaction),
            "3D" | "FINGERPRINT" if now >= attempt.started_at.plus(periods.three_ds) => {
                Verdict::Failed { decline: Some(Decline::ThreeDs), reason_code: transaction.reason_code.clone() }
            }
            _ => Verdict::UnderWay,
        },
    }
}

fn untouched(attempt: &Attempt, now: Time, periods: &Periods) -> Verdict {
    let late = now >= periods.deadline(attempt);
    if late && attempt.late_polls > 0 { Verdict::Abandoned } else { Verdict::Untouched { late } }
}

/// What the payer gave: the sum before refunds, and the part paid with the bank's bonus.
pub(super) fn paid(transaction: &Transaction) -> Option<i64> {
    let original = transaction.original.filter(|original| *original > 0);
    original.or(transaction.amount)?.checked_add(transaction.bonus.unwrap_or(0))
}

fn charge(attempt: &Attempt, transaction: &Transaction, invoice: Invoice, now: Time) -> Verdict {
    // A sum that can't be read is no evidence for anything; it is asked for again.
    let Some(charged_minor) = paid(transaction) else { return Verdict::Unknown };
    match misfit(attempt, transaction, invoice, charged_minor) {
        Some(kind) => mismatched(kind, charged_minor, transaction),
        None => Verdict::Charged(Charge {
            amount: attempt.amount,
            bank_operation_id: transaction.id.clone(),
            reference: transaction.reference.clone(),
            approval_code: transaction.approval_code.clone(),
            card_mask: transaction.card_mask.clone(),
            charged_at: transaction.created_at.unwrap_or(now),
        }),
    }
}

/// What does not agree.
fn misfit(attempt: &Attempt, transaction: &Transaction, invoice: Invoice, minor: i64) -> Option<MismatchKind> {
    if transaction.currency != attempt.amount.currency().code() {
        Some(MismatchKind::Currency)
    } else if transaction.terminal_id != attempt.terminal {
        Some(MismatchKind::Terminal)
    } else if minor != attempt.amount.minor() {
        Some(MismatchKind::Amount)
    } else {
        match invoice {
            Invoice::Payable => None,
            Invoice::Void => Some(MismatchKind::NotPayable),
            Invoice::Charged => Some(MismatchKind::SecondCharge),
        }
    }
}

/// A hold is taken where all agrees, else let go. What was once to be let go is never taken.
fn held(attempt: &Attempt, transaction: &Transaction, invoice: Invoice) -> Verdict {
    let Some(minor) = paid(transaction) else { return Verdict::Unknown };
    let fits = misfit(attempt, transaction, invoice, minor).is_none();
    let order =
        if fits && attempt.hold.order != Some(HoldOrder::Release) { HoldOrder::Charge } else { HoldOrder::Release };
    Verdict::Held { operation: transaction.id.clone(), order }
}

/// The money came and went before we looked: all of it is no payment, a part is for people to look at.
fn refund(transaction: &Transaction) -> Verdict {
    match transaction.amount {
        None => Verdict::Unknown,
        Some(0) => Verdict::Failed { decline: None, reason_code: transaction.reason_code.clone() },
        Some(left) => {
            mismatched(MismatchKind::Amount, left.saturating_add(transaction.bonus.unwrap_or(0)), transaction)
        }
    }
}

fn mismatched(kind: MismatchKind, charged_minor: i64, transaction: &Transaction) -> Verdict {
    Verdict::Mismatched {
        kind,
        charged_minor,
        currency: if transaction.currency.is_empty() {
            Currency::home().code().to_owned()
        } else {
            transaction.currency.clone()
        },
        bank_operation_id: transaction.id.clone(),
        reference: transaction.reference.clone(),
        card_mask: transaction.card_mask.clone(),
    }
}

#[cfg(test)]
#[path = "decision_tests.rs"]
mod tests;
