//! Reminds of invoices that are due soon, and ends those that nobody paid. Reservations for attempts that never began end
//! here too.

use std::{sync::Arc, time::Duration};

use chassis::{Error, Tx, outbox::Outbox, wire, worker::each};
use proto::billing::v1::{InvoiceExpired, InvoiceReminderDue};

use super::Ports;
use crate::{
    domain::{
        expiry::{Due, over_before},
        invoice::InvoiceState,
    },
    store,
};

/// Invoices of one step.
const AT_ONCE: u64 = 100;
/// An attempt that payments has not told of by then was never begun: its answer was lost on the way to the payer.
const RESERVED: Duration = Duration::from_secs(15 * 60);

/// Tells how many were reminded of, ended or set free.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let context = &ports.context;
    let now = context.sources.now();
    let stale = store::expiry::reserved_before(context.db.read(), now.minus(RESERVED), AT_ONCE).await?;
    let today = context.zone.date(now);
    let over = over_before(today, ports.config.grace_bank_days, &ports.calendar.now());
    let pressing = store::expiry::pressing(context.db.read(), today, over, AT_ONCE).await?;
    let freed = each(stale, |number| {
        let inner = Arc::clone(ports);
        context.db.write(move |tx| async move { free(&tx, &inner, number).await })
    });
    let freed = freed.await;
    let told = each(pressing, |number| {
        let inner = Arc::clone(ports);
        context.db.write(move |tx| async move { tell(&tx, &inner, number).await })
    });
    Ok(told.await? + freed?)
}

async fn free(tx: &Tx, ports: &Ports, number: i64) -> Result<bool, Error> {
    let context = &ports.context;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    let now = context.sources.now();
    if !billable.free_stale(now.minus(RESERVED)) {
        return Ok(false);
    }
    store::update(tx, &context.sealer, &mut billable, now).await?;
    Ok(true)
}

async fn tell(tx: &Tx, ports: &Ports, number: i64) -> Result<bool, Error> {
    let context = &ports.context;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    let Some(id) = billable.invoice else { return Ok(false) };
    let invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let reminded = store::expiry::reminded(&**tx, id).await?;
    let now = context.sources.now();
    let today = context.zone.date(now);
    let Some(due) = billable.due(&invoice, reminded, today, ports.config.grace_bank_days, &ports.calendar.now()) else {
        return Ok(false);
    };
    if due == Due::Expire {
        billable.expired = true;
    }
    store::update(tx, &context.sealer, &mut billable, now).await?;
    let account_id = billable.account.to_string();
    let mut outbox = Outbox::new(tx, &context.sources, context.service, number, billable.version);
    match due {
        Due::Remind { step, days_left } => {
            store::expiry::remind(tx, id, step).await?;
            let fact = InvoiceReminderDue {
                application_number: number,
                account_id,
                invoice_id: id.to_string(),
                document_number: invoice.document_number,
                total: Some(wire::money(invoice.total)),
                due_date: invoice.due_date.to_string(),
                days_left: u32::try_from(days_left).unwrap_or(0),
            };
            outbox.append(&fact).await?;
        }
        Due::Expire => {
            store::withdraw_invoice(tx, &invoice, InvoiceState::Expired, now).await?;
            let fact = InvoiceExpired {
                application_number: number,
                account_id,
                invoice_id: id.to_string(),
                document_number: invoice.document_number,
            };
            outbox.append(&fact).await?;
        }
    }
    Ok(true)
}
