//! Own invoices, receipts, credit notes and acts, and public contracts.
#![expect(clippy::unused_self, reason = "templates hand over references and reach only methods")]

use askama::Template;
use axum::extract::Path;
use proto::billing::v1::{
    Document, GetDocumentPdfRequest, GetInvoicePdfRequest, GetInvoiceRequest, Invoice, ListDocumentsRequest,
};

use super::pager::{self, Pager};
use super::payment::invoice;
use super::{Answer, attachment, html};
use crate::frame::Frame;
use crate::routes::{Audience, Route, get};
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Account, "/invoices", list),
        get(Audience::Account, "/invoices/{id}", show),
        get(Audience::Account, "/invoices/{id}/pdf", pdf),
        get(Audience::Account, "/invoices/documents/{code}/pdf", document_pdf),
    ]
}

#[derive(Template)]
#[template(path = "invoices/list.html")]
struct InvoicesPage {
    frame: Frame,
    documents: Vec<Document>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "invoices/invoice.html")]
struct InvoicePage {
    frame: Frame,
    invoice: Invoice,
}

impl InvoicePage {
    fn currency(&self, invoice: &Invoice) -> String {
        invoice::currency(invoice)
    }

    fn vat_rate(&self, invoice: &Invoice) -> String {
        invoice::vat_rate(invoice)
    }
}

async fn list(visit: Visit) -> Answer {
    let request = visit.ask(ListDocumentsRequest { page: Some(pager::wanted(&visit)) });
    let list = visit.app.services.billing().list_documents(request).await?.into_inner();
    Ok(html(&InvoicesPage {
        frame: Frame::new(&visit, "invoices"),
        documents: list.documents,
        pager: Pager::new(&visit, list.page, &[]),
    }))
}

async fn show(visit: Visit, Path(invoice_id): Path<String>) -> Answer {
    let request = visit.ask(GetInvoiceRequest { invoice_id });
    let invoice = visit.app.services.billing().get_invoice(request).await?.into_inner();
    let title = format!("{} {}", visit.texts.get("payment-invoice"), invoice.document_number);
    Ok(html(&InvoicePage { frame: Frame::titled(&visit, title), invoice }))
}

async fn pdf(visit: Visit, Path(invoice_id): Path<String>) -> Answer {
    let request = visit.ask(GetInvoicePdfRequest { invoice_id, locale: visit.language().tag().to_owned() });
    let file = visit.app.services.billing().get_invoice_pdf(request).await?.into_inner();
    Ok(attachment(&file.file_name, "application/pdf", file.data))
}

async fn document_pdf(visit: Visit, Path(code): Path<String>) -> Answer {
    let request = visit.ask(GetDocumentPdfRequest { code, locale: visit.language().tag().to_owned() });
    let file = visit.app.services.billing().get_document_pdf(request).await?.into_inner();
    Ok(attachment(&file.file_name, "application/pdf", file.data))
}
