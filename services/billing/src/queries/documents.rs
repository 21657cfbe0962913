//! Documents of the money: a payer's own, a case's, and all of them for the books.

use std::collections::BTreeMap;

use chassis::{
    Error,
    auth::permit,
    db::Source,
    page::Page,
    wire::{self, money},
};
use kernel::{Actor, Money, Period, Role};
use proto::billing::v1 as pb;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::{
    app::{Ports, visible},
    domain::{
        document::{Document, DocumentKind},
        invoice::Invoice,
        payer::Payer,
    },
    store::{self, document, invoice},
};

/// Who reads the books.
pub(crate) const BOOKS: [Role; 2] = [Role::Supervisor, Role::Finance];
/// What is said of all but invoices.
const ISSUED: &str = "issued";

/// A document without what only the books need.
fn plain(row: &document::Model, state: &str) -> pb::Document {
    pb::Document {
        code: row.code.clone(),
        kind: row.kind.clone(),
        document_number: row.document_number.clone(),
        document_date: row.document_date.clone(),
        application_number: row.application_number,
        total: Some(money(Money::home(row.total))),
        vat: Some(money(Money::home(row.vat))),
        vat_rate_bp: row.vat_rate_basis_points.unsigned_abs(),
        state: state.to_owned(),
        invoice_id: row.invoice_id.clone(),
        ..pb::Document::default()
    }
}

/// The invoices of some documents, by id: one query for all of them.
async fn invoices(
    db: &impl ConnectionTrait,
    rows: &[document::Model],
) -> Result<BTreeMap<String, invoice::Model>, Error> {
    let ids = rows.iter().map(|row| row.invoice_id.as_str());
    let found = invoice::Entity::find().filter(invoice::Column::Id.is_in(ids)).all(db).await?;
    Ok(found.into_iter().map(|invoice| (invoice.id.clone(), invoice)).collect())
}

/// The state of an invoice; every other document stays as it was issued.
fn state<'a>(row: &document::Model, invoices: &'a BTreeMap<String, invoice::Model>) -> &'a str {
    if row.kind != DocumentKind::Invoice.code() {
        return ISSUED;
    }
    invoices.get(&row.invoice_id).map_or("", |invoice| invoice.state.as_str())
}

/// A case's, but its invoices.
pub(super) async fn of_case(db: &impl ConnectionTrait, number: i64) -> Result<Vec<pb::Document>, Error> {
    Ok(store::document::of_case(db, number).await?.iter().map(|row| plain(row, ISSUED)).collect())
}

/// The caller's own, newest first.
pub(crate) async fn own(
    db: &impl Source,
    actor: &Actor,
    request: &pb::ListDocumentsRequest,
) -> Result<pb::ListDocumentsResponse, Error> {
    let owner = permit::user(actor)?;
    let page = Page::new(request.page.as_ref());
    let query = document::Entity::find().filter(document::Column::AccountId.eq(owner.to_string()));
    let total = query.clone().count(db).await?;
    let query = query.order_by_desc(document::Column::IssuedAt).order_by_desc(document::Column::Code);
    let rows = query.offset(page.offset()).limit(page.limit()).all(db).await?;
    let invoices = invoices(db, &rows).await?;
    let documents = rows.iter().map(|row| plain(row, state(row, &invoices))).collect();
    Ok(pb::ListDocumentsResponse { documents, page: Some(page.info(total)) })
}

/// One with its invoice, as the actor may see it.
pub(crate) async fn one(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    code: &str,
) -> Result<(Document, Invoice), Error> {
    let row = store::document::by_code(db, code).await?;
    let found = document::to_document(row, &ports.context.sealer)?;
    visible(actor, found.account)?;
    let invoice = store::invoice(db, &ports.context.sealer, found.invoice).await?;
    Ok((found, invoice))
}

/// The document of an invoice, where it has one already.
pub(crate) async fn of_invoice(
    db: &impl ConnectionTrait,
    ports: &Ports,
    invoice: &Invoice,
) -> Result<Option<Document>, Error> {
    let row = store::document::for_subject(db, DocumentKind::Invoice, &invoice.id.to_string()).await?;
    row.map(|row| document::to_document(row, &ports.context.sealer)).transpose()
}

/// What a copy must say; nothing of whoever it was issued to.
pub(crate) async fn verified(
    db: &impl ConnectionTrait,
    ports: &Ports,
    code: &str,
) -> Result<pb::VerifiedDocument, Error> {
    let row = store::document::by_code(db, code).await?;
    let invoices = invoices(db, std::slice::from_ref(&row)).await?;
    let state = state(&row, &invoices).to_owned();
    let found = document::to_document(row, &ports.context.sealer)?;
    let invoice = store::invoice(db, &ports.context.sealer, found.invoice).await?;
    store::document::verify(db, &ports.context.sealer, &found).await?;
    Ok(pb::VerifiedDocument {
        code: found.code.as_str().to_owned(),
        kind: found.kind.code().to_owned(),
        document_number: found.document_number,
        document_date: found.document_date.to_string(),
        total: Some(wire::money(found.total)),
        state,
        issuer: invoice.content.beneficiary.account_name,
        sha256: found.sha256,
    })
}

/// Every document of these days, oldest first, with what the books want of it.
pub(crate) async fn export(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::ExportDocumentsRequest,
) -> Result<pb::ExportDocumentsResponse, Error> {
    permit::staff(actor, &BOOKS)?;
    let period = Period::parse(&request.since, &request.until)?;
    let page = Page::new(request.page.as_ref());
    let query = document::Entity::find()
        .filter(document::Column::DocumentDate.gte(period.first().to_string()))
        .filter(document::Column::DocumentDate.lte(period.last().to_string()));
    let total = query.clone().count(db).await?;
    let query = query.order_by_asc(document::Column::DocumentDate).order_by_asc(document::Column::DocumentNumber);
    let rows = query.offset(page.offset()).limit(page.limit()).all(db).await?;
    let invoices = invoices(db, &rows).await?;
    let mut documents = Vec::new();
    for row in rows {
        let found = document::to_document(row.clone(), &ports.context.sealer)?;
        let invoice = invoices.get(&row.invoice_id).cloned().ok_or(Error::NotFound)?;
        let invoice = store::to_invoice(invoice, &ports.context.sealer)?;
        let state = state(&row, &invoices);
        let content = &invoice.content;
        let (payer, lines) =
            found.content.as_ref().map_or((&invoice.payer, &content.lines), |content| (&content.payer, &content.lines));
        documents.push(pb::Document {
            invoice_number: invoice.document_number.clone(),
            payer_name: payer.name(),
            payer_number: number(payer).to_owned(),
            product_codes: lines.iter().map(|line| line.product_code.clone()).collect(),
            ..plain(&row, state)
        });
    }
    Ok(pb::ExportDocumentsResponse { documents, page: Some(page.info(total)) })
}

/// BIN of a legal entity, IIN of a person.
fn number(payer: &Payer) -> &str {
    if payer.is_legal() { &payer.bin } else { &payer.tax_number }
}
