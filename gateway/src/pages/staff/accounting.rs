//! Documents of the money for the books: a list of a span of days, and the whole of it as a file.

use askama::Template;
use axum::extract::Path;
use proto::billing::v1::{Document, ExportDocumentsRequest};
use proto::common::v1::PageRequest;

use super::reports::{span, span_fields};
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html, html_refused};
use crate::problem::Problem;
use crate::sheet::{Cell, Sheet};
use crate::visit::Visit;

/// Days of a list that nobody asked for other days of.
const DAYS: i32 = 30;
/// Documents of one answer of the service.
const AT_ONCE: u32 = 100;

#[derive(Template)]
#[template(path = "staff/accounting.html")]
struct AccountingPage {
    frame: Frame,
    form: Form,
    documents: Vec<Document>,
    pager: Option<Pager>,
    span: String,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let (since, until) = span(&visit, DAYS);
    let (frame, fields) = (Frame::new(&visit, "staff-accounting"), span_fields(&since, &until));
    let request =
        ExportDocumentsRequest { since: since.clone(), until: until.clone(), page: Some(pager::wanted(&visit)) };
    match visit.app.services.billing().export_documents(visit.ask(request)).await {
        Ok(answer) => {
            let list = answer.into_inner();
            let pager = Some(Pager::new(&visit, list.page, &["since", "until"]));
            let (form, span) = (Form::new(&visit, fields), format!("since={since}&until={until}"));
            Ok(html(&AccountingPage { frame, form, documents: list.documents, pager, span }))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&visit, fields, problem.clone());
            let page = AccountingPage { frame, form, documents: Vec::new(), pager: None, span: String::new() };
            Ok(html_refused(&page, &problem))
        }
    }
}

/// `documents.csv`, `documents.xlsx`: every document of these days.
pub(super) async fn file(visit: Visit, Path(file): Path<String>) -> Answer {
    let ending = file.strip_prefix("documents.").ok_or_else(Problem::not_found)?;
    let (since, until) = span(&visit, DAYS);
    let texts = &visit.texts;
    let columns = [
        "document-date",
        "billed-document",
        "invoice-document-number",
        "invoice-application-id",
        "document-of-invoice",
        "payer-name",
        "document-payer-number",
        "document-without-vat",
        "document-vat-rate",
        "document-vat",
        "line-amount",
        "product-code",
        "column-status",
    ];
    let mut sheet = Sheet {
        file_name: format!("documents-{since}-{until}"),
        title: texts.get("staff-accounting"),
        columns: columns.iter().map(|column| texts.get(column)).collect(),
        rows: Vec::new(),
    };
    let frame = Frame::new(&visit, "staff-accounting");
    for number in 1.. {
        let page = Some(PageRequest { page: number, size: AT_ONCE });
        let request = ExportDocumentsRequest { since: since.clone(), until: until.clone(), page };
        let list = visit.app.services.billing().export_documents(visit.ask(request)).await?.into_inner();
        let last = list.documents.len() < AT_ONCE as usize;
        sheet.rows.extend(list.documents.iter().map(|document| row(&frame, document)));
        if last {
            break;
        }
    }
    sheet.response(ending)
}

fn row(frame: &Frame, document: &Document) -> Vec<Cell> {
    let minor = |money: &Option<proto::common::v1::Money>| money.as_ref().map_or(0, |money| money.amount_minor);
    let (total, vat) = (minor(&document.total), minor(&document.vat));
    vec![
        document.document_date.as_str().into(),
        frame.label("document", &document.kind).into(),
        document.document_number.as_str().into(),
        Cell::Text(document.application_number.to_string()),
        document.invoice_number.as_str().into(),
        document.payer_name.as_str().into(),
        document.payer_number.as_str().into(),
        Cell::Sum(total - vat),
        Cell::Rate(document.vat_rate_bp),
        Cell::Sum(vat),
        Cell::Sum(total),
        document.product_codes.join(", ").into(),
        frame.label("invoice-state", &document.state).into(),
    ]
}
