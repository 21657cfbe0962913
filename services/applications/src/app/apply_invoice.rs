//! Billing told of an invoice: staff find the case by its numbers.

use chassis::{Error, Tx};
use proto::billing::v1::InvoiceIssued;

use crate::store::invoice_number;

pub(crate) async fn run(tx: &Tx, fact: &InvoiceIssued) -> Result<(), Error> {
    invoice_number::add(tx, fact.application_number, [&fact.document_number, &fact.reference_number]).await
}
