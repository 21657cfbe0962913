//! An attempt at the bank claims the invoice, in the payer's name: one at a time, and none while the case is being
//! cancelled.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::billing::v1::{ReserveInvoiceRequest, ReservedInvoice};

use super::Ports;
use crate::{domain::expiry::last_day, store};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ReserveInvoiceRequest,
) -> Result<ReservedInvoice, Error> {
    let context = &ports.context;
    let id = command.invoice_id.parse().map_err(|_| Error::NotFound)?;
    let invoice = store::invoice(&**tx, &context.sealer, id).await?;
    if actor.account() != Some(invoice.account) {
        return Err(Error::NotFound);
    }
    let number = invoice.application.get();
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    let invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let now = context.sources.now();
    let until = last_day(invoice.due_date, ports.config.grace_bank_days, &ports.calendar.now());
    let before = billable.live_attempt.clone();
    billable.reserve(&invoice, &command.attempt_id, command.terms_accepted, (context.zone.date(now), until), now)?;
    if before != billable.live_attempt {
        store::update(tx, &context.sealer, &mut billable, now).await?;
    }
    Ok(ReservedInvoice {
        invoice_id: invoice.id.to_string(),
        application_number: number,
        document_number: invoice.document_number,
        amount: invoice.total.checked_sub(invoice.settled).map(chassis::wire::money),
        account_id: invoice.account.to_string(),
    })
}
