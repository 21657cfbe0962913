//! An application was cancelled: its invoice is void and nothing more can be paid. Its number stays used.

use chassis::{Error, Tx, outbox::Outbox};
use proto::billing::v1::InvoiceVoided;

use super::Ports;
use crate::{domain::invoice::InvoiceState, store};

pub(crate) async fn run(tx: &Tx, ports: &Ports, number: i64) -> Result<(), Error> {
    let context = &ports.context;
    let mut billable = match store::load(&**tx, &context.sealer, number).await {
        Ok(billable) => billable,
        // Cancelled before approval, or this fact overtook the approval's: then nothing may be opened any more.
        Err(Error::NotFound) => return store::note_cancelled(tx, number).await,
        Err(error) => return Err(error),
    };
    billable.closed = true;
    let invoice = billable.invoice;
    store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
    let Some(id) = invoice else { return Ok(()) };
    let voided = store::invoice(&**tx, &context.sealer, id).await?;
    if !voided.state.is_payable() {
        return Ok(());
    }
    store::withdraw_invoice(tx, &voided, InvoiceState::Void, context.sources.now()).await?;
    Outbox::new(tx, &context.sources, context.service, number, billable.version)
        .append(&InvoiceVoided {
            application_number: number,
            account_id: billable.account.to_string(),
            invoice_id: id.to_string(),
            document_number: voided.document_number,
        })
        .await
}
