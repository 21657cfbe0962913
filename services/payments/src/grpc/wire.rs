//! Domain to message.

use proto::{common::v1::Money, payments::v1 as pb};

use crate::{
    domain::{attempt::Attempt, reasons::Decline, state::State},
    store::mismatch,
};

/// The bank's own code is told to staff only.
pub(super) fn attempt(attempt: &Attempt, with_code: bool) -> pb::Attempt {
    let state = match attempt.state {
        State::Created => pb::AttemptState::Created,
        State::Redirected => pb::AttemptState::Redirected,
        State::Authorised => pb::AttemptState::Authorised,
        State::Reversed => pb::AttemptState::Reversed,
        State::Charged => pb::AttemptState::Charged,
        State::Failed => pb::AttemptState::Failed,
        State::Abandoned => pb::AttemptState::Abandoned,
        State::Mismatched => pb::AttemptState::Mismatched,
    };
    pb::Attempt {
        id: attempt.id.to_string(),
        invoice_id: attempt.invoice_id.to_string(),
        application_number: attempt.application_number,
        state: state.into(),
        amount: Some(chassis::wire::money(attempt.amount)),
        bank_invoice_id: attempt.bank_invoice_id.clone(),
        created_at_micros: attempt.created_at.micros(),
        decline_class: attempt.decline.map(Decline::code).unwrap_or_default().to_owned(),
        reason_code: if with_code { attempt.reason_code.clone() } else { String::new() },
    }
}

pub(super) fn mismatch(row: mismatch::Model) -> pb::Mismatch {
    pb::Mismatch {
        id: row.id,
        attempt_id: row.attempt_id,
        application_number: row.application_number,
        expected: Some(Money { amount_minor: row.expected_minor, currency: row.expected_currency }),
        charged: Some(Money { amount_minor: row.charged_minor, currency: row.charged_currency }),
        kind: row.kind,
        reference: row.reference,
        at_micros: row.at,
    }
}
