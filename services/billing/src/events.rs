//! Facts inward: approvals and cancellations of applications, and what payments tells of the bank.

use std::sync::Arc;

use chassis::{Error, Tx, calendar, inbox};
use proto::{
    Fact as _,
    applications::v1::{ApplicationApproved, ApplicationCancelled, ApplicationProgressed},
    booking::v1::HolidaysChanged,
    common::v1::Envelope,
    payments::v1::{AttemptClosed, AttemptStarted, ChargeMismatched, ChargeVerified, RefundExecuted, RefundFailed},
};

use crate::app::{self, Ports, refunds::Told};

/// Facts of applications that are acted on.
pub(crate) const FROM_APPLICATIONS: &[&str] =
    &[ApplicationApproved::TYPE, ApplicationCancelled::TYPE, ApplicationProgressed::TYPE];
/// Facts of payments that are acted on.
pub(crate) const FROM_PAYMENTS: &[&str] = &[
    AttemptStarted::TYPE,
    ChargeVerified::TYPE,
    AttemptClosed::TYPE,
    ChargeMismatched::TYPE,
    RefundExecuted::TYPE,
    RefundFailed::TYPE,
];

/// Facts of booking that are acted on.
pub(crate) const FROM_BOOKING: &[&str] = &[HolidaysChanged::TYPE];

/// The step of an application that ends it well.
const COMPLETED: &str = "COMPLETED";

/// Applies other contexts' facts.
pub(crate) struct Handler {
    pub ports: Arc<Ports>,
}

#[async_trait::async_trait]
impl inbox::Handler for Handler {
    async fn handle(&self, tx: &Tx, envelope: &Envelope) -> Result<(), Error> {
        let ports = &self.ports;
        match envelope.r#type.as_str() {
            ApplicationApproved::TYPE => app::open::run(tx, ports, &inbox::payload(envelope)?).await,
            ApplicationCancelled::TYPE => {
                app::close::run(tx, ports, inbox::payload::<ApplicationCancelled>(envelope)?.number).await
            }
            ApplicationProgressed::TYPE => {
                let fact = inbox::payload::<ApplicationProgressed>(envelope)?;
                if fact.step == COMPLETED { app::documents::act(tx, ports, fact.number).await } else { Ok(()) }
            }
            HolidaysChanged::TYPE => {
                let fact = inbox::payload::<HolidaysChanged>(envelope)?;
                calendar::keep(tx, &fact.holidays, envelope.aggregate_version).await
            }
            ChargeVerified::TYPE => app::apply_charge::charged(tx, ports, &inbox::payload(envelope)?).await,
            AttemptStarted::TYPE => {
                let fact = inbox::payload::<AttemptStarted>(envelope)?;
                app::apply_charge::begun(tx, ports, fact.application_number, &fact.attempt_id).await
            }
            AttemptClosed::TYPE => {
                let fact = inbox::payload::<AttemptClosed>(envelope)?;
                app::apply_charge::ended(tx, ports, fact.application_number, &fact.attempt_id).await
            }
            ChargeMismatched::TYPE => {
                app::apply_charge::mismatched(tx, ports, &inbox::payload(envelope)?, envelope.occurred_at_micros).await
            }
            RefundExecuted::TYPE => {
                let fact = inbox::payload::<RefundExecuted>(envelope)?;
                let outcome = Ok(fact.amount.as_ref());
                let (number, refund, part) = (fact.application_number, &fact.refund_id, &fact.part_id);
                app::refunds::told(tx, ports, &Told { number, refund, part, outcome }).await
            }
            RefundFailed::TYPE => {
                let fact = inbox::payload::<RefundFailed>(envelope)?;
                let outcome = Err(fact.reason.as_str());
                let (number, refund, part) = (fact.application_number, &fact.refund_id, &fact.part_id);
                app::refunds::told(tx, ports, &Told { number, refund, part, outcome }).await
            }
            _ => Ok(()),
        }
    }
}
