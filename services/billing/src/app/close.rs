//! An application was cancelled: its invoice is void and nothing more can be paid. Its number stays used.

use chassis::{Error, Tx};
use proto::billing::v1::InvoiceVoided;

use super::{Ports, refund_request, refunds};
use crate::{
    domain::{billable::Billable, invoice::InvoiceState, receipt::ReceiptState},
    store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, number: i64) -> Result<(), Error> {
    let context = &ports.context;
    let mut billable = match store::load(&**tx, &context.sealer, number).await {
        Ok(billable) => billable,
        // Cancelled before approval, or this fact overtook the approval's: then nothing may be opened any more.
        Err(Error::NotFound) => return store::note_cancelled(tx, number).await,
        Err(error) => return Err(error),
    };
    let now = context.sources.now();
    billable.closed = true;
    let Some(id) = billable.invoice else { return without_invoice(tx, ports, billable).await };
    let invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let given_up = billable.give_up(&invoice, now)?;
    if given_up {
        store::decide_evidence(tx, id, false).await?;
        for receipt in store::receipts(&**tx, &context.sealer, number).await? {
            if receipt.state == ReceiptState::Waiting {
                store::set_receipt_state(tx, &receipt.id, ReceiptState::Unneeded, "").await?;
            }
        }
    }
    store::update(tx, &context.sealer, &mut billable, now).await?;
    let voided = invoice.state.is_payable();
    if voided {
        store::withdraw_invoice(tx, &invoice, InvoiceState::Void, now).await?;
    }
    let refund = refund_request::on_cancellation(tx, ports, &mut billable).await?;
    let mut outbox = super::outbox(tx, context, &billable);
    if voided {
        outbox
            .append(&InvoiceVoided {
                application_number: number,
                account_id: billable.account.to_string(),
                invoice_id: id.to_string(),
                document_number: invoice.document_number,
            })
            .await?;
    }
    if given_up {
        outbox.append(&super::status_changed(&billable, false)).await?;
    }
    if let Some(refund) = refund {
        outbox.append(&refunds::changed(&billable, &refund)).await?;
    }
    Ok(())
}

/// Nothing is to be paid; but money may have come for an invoice that has run out before.
async fn without_invoice(tx: &Tx, ports: &Ports, mut billable: Billable) -> Result<(), Error> {
    let context = &ports.context;
    store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
    match refund_request::on_cancellation(tx, ports, &mut billable).await? {
        Some(refund) => super::outbox(tx, context, &billable).append(&refunds::changed(&billable, &refund)).await,
        None => Ok(()),
    }
}
