//! Facts outward: domain to event. Facts inward: billing's, through the inbox.

use std::sync::Arc;

use chassis::{Error, Tx, inbox, wire};
use kernel::MismatchId;
use proto::{
    Fact as _,
    billing::v1::{InvoiceExpired, InvoiceVoided, RefundOrdered},
    common::v1::{Envelope, Money},
    payments::v1 as pb,
};

use crate::{
    app::{self, Ports},
    domain::{
        attempt::Attempt,
        decision::{Charge, MismatchKind},
    },
};

/// Facts of billing that are acted on.
pub(crate) const FROM_BILLING: &[&str] = &[InvoiceVoided::TYPE, InvoiceExpired::TYPE, RefundOrdered::TYPE];

pub(crate) fn attempt_started(attempt: &Attempt) -> pb::AttemptStarted {
    pb::AttemptStarted {
        attempt_id: attempt.id.to_string(),
        invoice_id: attempt.invoice_id.to_string(),
        application_number: attempt.application_number,
    }
}

pub(crate) fn charge_verified(attempt: &Attempt, charge: &Charge) -> pb::ChargeVerified {
    pb::ChargeVerified {
        attempt_id: attempt.id.to_string(),
        invoice_id: attempt.invoice_id.to_string(),
        application_number: attempt.application_number,
        amount: Some(wire::money(charge.amount)),
        bank_operation_id: charge.bank_operation_id.clone(),
        reference: charge.reference.clone(),
        approval_code: charge.approval_code.clone(),
        card_mask: charge.card_mask.clone(),
        charged_at_micros: charge.charged_at.micros(),
        order_number: attempt.bank_invoice_id.clone(),
    }
}

pub(crate) fn charge_mismatched(
    attempt: &Attempt,
    id: MismatchId,
    kind: MismatchKind,
    charged: Money,
) -> pb::ChargeMismatched {
    pb::ChargeMismatched {
        attempt_id: attempt.id.to_string(),
        invoice_id: attempt.invoice_id.to_string(),
        application_number: attempt.application_number,
        mismatch_id: id.to_string(),
        kind: kind.code().to_owned(),
        expected: Some(wire::money(attempt.amount)),
        charged: Some(charged),
        order_number: attempt.bank_invoice_id.clone(),
        ..pb::ChargeMismatched::default()
    }
}

/// Applies other contexts' facts.
pub(crate) struct Handler {
    pub ports: Arc<Ports>,
}

#[async_trait::async_trait]
impl inbox::Handler for Handler {
    async fn handle(&self, tx: &Tx, envelope: &Envelope) -> Result<(), Error> {
        match envelope.r#type.as_str() {
            InvoiceVoided::TYPE => {
                let fact = inbox::payload::<InvoiceVoided>(envelope)?;
                app::void_invoice::run(tx, &self.ports, &fact.invoice_id).await
            }
            InvoiceExpired::TYPE => {
                let fact = inbox::payload::<InvoiceExpired>(envelope)?;
                app::void_invoice::run(tx, &self.ports, &fact.invoice_id).await
            }
            RefundOrdered::TYPE => app::refund::order(tx, &self.ports, &inbox::payload(envelope)?).await,
            _ => Ok(()),
        }
    }
}
