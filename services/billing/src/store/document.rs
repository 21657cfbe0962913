//! Rows of `document` and their lines.

use chassis::{Error, Tx, seal::Sealer};
use kernel::{ApplicationNumber, Money, Time};
use sea_orm::{
    ActiveValue::Set,
    QueryOrder as _, QuerySelect as _,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{invoice, json};
use crate::domain::{
    document::{Document, DocumentKind, VerificationCode},
    invoice::{Invoice, Line},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub kind: String,
    pub document_number: String,
    pub document_date: String,
    pub application_number: i64,
    pub account_id: String,
    pub invoice_id: String,
    pub subject: String,
    pub total: i64,
    pub vat: i64,
    pub vat_rate_basis_points: i32,
    pub content_sealed: Option<Vec<u8>>,
    pub sha256: String,
    pub issued_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn place(code: &str) -> String {
    format!("document/content_sealed/{code}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of everything that is printed: of the bytes as they are stored, so that a later version of the program, which
/// reads them into another shape, finds the same.
fn digest(parts: &[&[u8]]) -> String {
    let mut whole = Vec::new();
    for part in parts {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part);
    }
    hex(&chassis::seal::digest(&whole))
}

fn head(kind: &str, number: &str, date: &str, (total, vat, rate): (i64, i64, i32)) -> String {
    format!("{kind}|{number}|{date}|{total}|{vat}|{rate}")
}

/// An invoice's, by its row.
fn invoice_digest(row: &invoice::Model, sealer: &Sealer) -> Result<String, Error> {
    let sums = (row.total, row.vat, row.vat_rate_basis_points);
    let head = head(DocumentKind::Invoice.code(), &row.document_number, &row.document_date, sums);
    let terms = format!("{}|{}", row.due_date, row.reference_number);
    let payer = sealer.open(&super::invoice_place(&row.id), &row.payer_sealed)?;
    Ok(digest(&[head.as_bytes(), terms.as_bytes(), &payer, row.content.as_bytes()]))
}

fn content_digest(document: &Document, content: &[u8]) -> String {
    let sums = (document.total.minor(), document.vat.minor(), i32::from(document.vat_rate_basis_points));
    let date = document.document_date.to_string();
    digest(&[head(document.kind.code(), &document.document_number, &date, sums).as_bytes(), content])
}

async fn invoice_row(db: &impl ConnectionTrait, document: &Document) -> Result<invoice::Model, Error> {
    let id = document.invoice.to_string();
    invoice::Entity::find_by_id(&id).one(db).await?.ok_or_else(|| Error::corrupt("document", "invoice_id", id))
}

pub(crate) fn to_document(row: Model, sealer: &Sealer) -> Result<Document, Error> {
    let corrupt = |column| Error::corrupt("document", column, &row.code);
    let content = match &row.content_sealed {
        None => None,
        Some(sealed) => {
            let opened = sealer.open(&place(&row.code), sealed)?;
            Some(serde_json::from_slice(&opened).map_err(|_| corrupt("content_sealed"))?)
        }
    };
    let document = Document {
        code: VerificationCode::parse(&row.code).ok_or_else(|| corrupt("code"))?,
        kind: DocumentKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
        document_date: row.document_date.parse().map_err(|_| corrupt("document_date"))?,
        application: ApplicationNumber::new(row.application_number).map_err(|_| corrupt("application_number"))?,
        account: row.account_id.parse().map_err(|_| corrupt("account_id"))?,
        invoice: row.invoice_id.parse().map_err(|_| corrupt("invoice_id"))?,
        total: Money::home(row.total),
        vat: Money::home(row.vat),
        vat_rate_basis_points: u16::try_from(row.vat_rate_basis_points)
            .map_err(|_| corrupt("vat_rate_basis_points"))?,
        content,
        document_number: row.document_number,
        subject: row.subject,
        sha256: row.sha256,
    };
    Ok(document)
}

/// Refuses to print what is no longer what was issued.
pub(crate) async fn verify(db: &impl ConnectionTrait, sealer: &Sealer, document: &Document) -> Result<(), Error> {
    let row = by_code(db, document.code.as_str()).await?;
    let now = match &row.content_sealed {
        None => invoice_digest(&invoice_row(db, document).await?, sealer)?,
        Some(sealed) => content_digest(document, &sealer.open(&place(&row.code), sealed)?),
    };
    if now == row.sha256 { Ok(()) } else { Err(Error::corrupt("document", "sha256", &document.document_number)) }
}

/// Writes a document once with its lines and its digest; one for its subject that is there already stays.
pub(crate) async fn insert(
    tx: &Tx,
    sealer: &Sealer,
    document: &Document,
    invoice: &Invoice,
    now: Time,
) -> Result<(), Error> {
    let code = document.code.as_str().to_owned();
    let (sha256, content_sealed, lines): (_, _, &[Line]) = match &document.content {
        None => (invoice_digest(&invoice_row(&**tx, document).await?, sealer)?, None, &invoice.content.lines),
        Some(content) => {
            let written = json(content)?;
            let sealed = sealer.seal(&place(&code), written.as_bytes())?;
            (content_digest(document, written.as_bytes()), Some(sealed), &content.lines)
        }
    };
    Entity::insert(ActiveModel {
        code: Set(code.clone()),
        kind: Set(document.kind.code().to_owned()),
        document_number: Set(document.document_number.clone()),
        document_date: Set(document.document_date.to_string()),
        application_number: Set(document.application.get()),
        account_id: Set(document.account.to_string()),
        invoice_id: Set(document.invoice.to_string()),
        subject: Set(document.subject.clone()),
        total: Set(document.total.minor()),
        vat: Set(document.vat.minor()),
        vat_rate_basis_points: Set(i32::from(document.vat_rate_basis_points)),
        content_sealed: Set(content_sealed),
        sha256: Set(sha256),
        issued_at: Set(now.micros()),
    })
    .exec_without_returning(&**tx)
    .await?;
    for (line, number) in lines.iter().zip(1_i32..) {
        let mut row = Query::insert();
        row.into_table("document_line").columns(["code", "number", "product_code", "quantity", "amount"]).values_panic(
            [
                code.as_str().into(),
                number.into(),
                line.product_code.as_str().into(),
                i64::from(line.quantity).into(),
                line.amount.minor().into(),
            ],
        );
        (**tx).execute(&row).await?;
    }
    Ok(())
}

/// The document of a kind that was issued for this.
pub(crate) async fn for_subject(
    db: &impl ConnectionTrait,
    kind: DocumentKind,
    subject: &str,
) -> Result<Option<Model>, Error> {
    let query = Entity::find().filter(Column::Kind.eq(kind.code())).filter(Column::Subject.eq(subject));
    Ok(query.one(db).await?)
}

/// By its code, or not found.
pub(crate) async fn by_code(db: &impl ConnectionTrait, typed: &str) -> Result<Model, Error> {
    let code = VerificationCode::parse(typed).ok_or(Error::NotFound)?;
    Entity::find_by_id(code.as_str()).one(db).await?.ok_or(Error::NotFound)
}

/// All of a case but its invoices, oldest first.
pub(crate) async fn of_case(db: &impl ConnectionTrait, number: i64) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(Column::ApplicationNumber.eq(number));
    let query = query.filter(Column::Kind.ne(DocumentKind::Invoice.code()));
    Ok(query.order_by_asc(Column::IssuedAt).order_by_asc(Column::Code).all(db).await?)
}

/// Invoices that have no document yet: issued by a version that gave none.
pub(crate) async fn without(db: &impl ConnectionTrait, at_most: u64) -> Result<Vec<String>, Error> {
    let known = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::Kind)).eq(DocumentKind::Invoice.code()))
        .and_where(Expr::col((Entity, Column::Subject)).equals((invoice::Entity, invoice::Column::Id)))
        .to_owned();
    let query = invoice::Entity::find().filter(Expr::exists(known).not()).order_by_asc(invoice::Column::IssuedAt);
    Ok(query.select_only().column(invoice::Column::Id).limit(at_most).into_tuple().all(db).await?)
}
