//! PDF of documents, by invoice or by code.

use chassis::{Error, command::Call};
use kernel::Locale;
use proto::billing::v1::{GetDocumentPdfRequest, GetInvoicePdfRequest, PdfFile};

use crate::{
    app::{self, Ports},
    queries,
};

/// An invoice whose document is still to come is printed without its code.
pub(super) async fn invoice(ports: &Ports, call: &Call, message: &GetInvoicePdfRequest) -> Result<PdfFile, Error> {
    let db = ports.context.db.read();
    let (invoice, _) = queries::one_invoice(db, ports, &call.actor, &message.invoice_id).await?;
    let locale = Locale::parse(&message.locale).unwrap_or_default();
    let data = match queries::documents::of_invoice(db, ports, &invoice).await? {
        Some(document) => app::document_pdf::run(ports, &document, &invoice, locale).await?,
        None => app::invoice_pdf::typeset(ports, app::invoice_pdf::content(&invoice, locale)).await?,
    };
    Ok(PdfFile { file_name: file_name(&invoice.document_number), data })
}

pub(super) async fn by_code(ports: &Ports, call: &Call, message: &GetDocumentPdfRequest) -> Result<PdfFile, Error> {
    let (document, invoice) =
        queries::documents::one(ports.context.db.read(), ports, &call.actor, &message.code).await?;
    let locale = Locale::parse(&message.locale).unwrap_or_default();
    let data = app::document_pdf::run(ports, &document, &invoice, locale).await?;
    Ok(PdfFile { file_name: file_name(&document.document_number), data })
}

fn file_name(document_number: &str) -> String {
    format!("{}.pdf", document_number.replace('/', "-"))
}
