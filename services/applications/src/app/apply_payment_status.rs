//! Billing told the payment status: shown on the case; "Paid" opens the hand-over of originals.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::billing::v1::PaymentStatusChanged;

use super::{Ports, save_moved};
use crate::{domain::case::PaymentStatus, store};

pub(crate) async fn run(tx: &Tx, ports: &Ports, fact: &PaymentStatusChanged, version: i64) -> Result<(), Error> {
    let context = &ports.context;
    let mut case = store::case::load(&**tx, &context.sealer, &ports.catalogue(), fact.application_number).await?;
    let status = PaymentStatus::parse(&fact.status)
        .ok_or_else(|| Error::Malformed(format!("payment status '{}'", fact.status)))?;
    let Some(facts) = case.payment_changed(status, version) else { return Ok(()) };
    let actor = Actor::System { service: context.service.to_owned(), cause: "PaymentStatusChanged".to_owned() };
    if facts.is_empty() {
        store::save::update(tx, &context.sealer, &mut case).await?;
        let action = match status {
            PaymentStatus::Pending => "PAYMENT_PENDING",
            PaymentStatus::NotPaid if fact.declined => "PAYMENT_DECLINED",
            PaymentStatus::PartlyRefunded | PaymentStatus::Refunded => "PAYMENT_REFUNDED",
            PaymentStatus::PartlyPaid => "PAYMENT_PART_CONFIRMED",
            PaymentStatus::Paid => "PAYMENT_CONFIRMED",
            PaymentStatus::None | PaymentStatus::NotPaid => return Ok(()),
        };
        return store::save::note(tx, &case, &actor, action, "", context.sources.now()).await;
    }
    save_moved(tx, ports, &actor, &mut case, &facts, "").await
}
