//! Billing told that an invoice was not paid in its term: the case ends, and may be renewed at the price of that day.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::billing::v1::InvoiceExpired;

use super::{Ports, save_moved};
use crate::{
    domain::{case::PaymentStatus, state::State},
    store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, fact: &InvoiceExpired, version: i64) -> Result<(), Error> {
    let context = &ports.context;
    let mut case = store::case::load(&**tx, &context.sealer, &ports.catalogue(), fact.application_number).await?;
    // It says that nothing was paid or under way by then; older news of the payment may come after it.
    if case.state != State::AwaitingPayment || case.payment_changed(PaymentStatus::NotPaid, version).is_none() {
        return Ok(());
    }
    let facts = case.expire("not_paid")?;
    let actor = Actor::System { service: context.service.to_owned(), cause: "InvoiceExpired".to_owned() };
    save_moved(tx, ports, &actor, &mut case, &facts, "").await
}
