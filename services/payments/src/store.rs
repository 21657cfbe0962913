//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod attempt;
pub(crate) mod callback;
pub(crate) mod mismatch;
pub(crate) mod refund;
pub(crate) mod voided_invoice;

use chassis::{Error, Tx, db::Source, seal::Sealer};
use kernel::{Currency, InvoiceId, Money, Time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use crate::domain::{
    attempt::{Attempt, Hold},
    decision::{HoldOrder, Invoice},
    reasons::Decline,
    state::State,
};

/// The states of the partial index that lets one attempt on an invoice live.
pub(crate) const LIVE: [&str; 2] = ["CREATED", "REDIRECTED"];
/// With those whose sum the bank holds: of them there may be two for a moment, until one is let go.
pub(crate) const OPEN: [&str; 3] = ["CREATED", "REDIRECTED", "AUTHORISED"];

pub(crate) async fn load(db: &impl Source, sealer: &Sealer, id: &str) -> Result<Attempt, Error> {
    let row = db.root(attempt::Entity::find_by_id(id.to_owned())).one(db).await?.ok_or(Error::NotFound)?;
    to_domain(row, sealer)
}

/// Takes the word on an invoice until the end of the unit of work: two attempts on it are not decided side by side.
pub(crate) async fn lock_invoice(tx: &Tx, invoice: InvoiceId) -> Result<(), Error> {
    let attempts = attempt::Entity::find()
        .filter(attempt::Column::InvoiceId.eq(invoice.to_string()))
        .order_by_asc(attempt::Column::Id);
    tx.root(attempts).all(&**tx).await?;
    Ok(())
}

/// The attempt that still holds the invoice.
pub(crate) async fn live(db: &impl Source, sealer: &Sealer, invoice: InvoiceId) -> Result<Option<Attempt>, Error> {
    let live = attempt::Entity::find()
        .filter(attempt::Column::InvoiceId.eq(invoice.to_string()))
        .filter(attempt::Column::State.is_in(LIVE));
    db.root(live).one(db).await?.map(|row| to_domain(row, sealer)).transpose()
}

/// An attempt whose sum the bank holds.
pub(crate) async fn held(db: &impl Source, sealer: &Sealer, invoice: InvoiceId) -> Result<Option<Attempt>, Error> {
    let held = attempt::Entity::find()
        .filter(attempt::Column::InvoiceId.eq(invoice.to_string()))
        .filter(attempt::Column::State.eq(State::Authorised.code()))
        .order_by_asc(attempt::Column::CreatedAt);
    db.root(held).one(db).await?.map(|row| to_domain(row, sealer)).transpose()
}

/// The attempt by which the invoice was charged.
pub(crate) async fn charged(db: &impl Source, sealer: &Sealer, invoice: InvoiceId) -> Result<Option<Attempt>, Error> {
    let charged = attempt::Entity::find()
        .filter(attempt::Column::InvoiceId.eq(invoice.to_string()))
        .filter(attempt::Column::State.eq(State::Charged.code()));
    db.root(charged).one(db).await?.map(|row| to_domain(row, sealer)).transpose()
}

/// How many attempts there were on an invoice.
pub(crate) async fn count(db: &impl ConnectionTrait, invoice: InvoiceId) -> Result<u64, Error> {
    Ok(attempt::Entity::find().filter(attempt::Column::InvoiceId.eq(invoice.to_string())).count(db).await?)
}

/// Attempts on one application, newest first.
pub(crate) async fn by_application(
    db: &impl ConnectionTrait,
    sealer: &Sealer,
    number: i64,
) -> Result<Vec<Attempt>, Error> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::ApplicationNumber.eq(number))
        .order_by_desc(attempt::Column::CreatedAt)
        .all(db)
        .await?;
    rows.into_iter().map(|row| to_domain(row, sealer)).collect()
}

/// What else is known of the attempt's invoice.
pub(crate) async fn invoice(db: &impl ConnectionTrait, attempt: &Attempt) -> Result<Invoice, Error> {
    let charged = attempt::Entity::find()
        .filter(attempt::Column::InvoiceId.eq(attempt.invoice_id.to_string()))
        .filter(taken())
        .filter(attempt::Column::Id.ne(attempt.id.to_string()))
        .count(db)
        .await?;
    if charged > 0 {
        return Ok(Invoice::Charged);
    }
    let void = voided_invoice::Entity::find_by_id(attempt.invoice_id.to_string()).one(db).await?.is_some();
    Ok(if void { Invoice::Void } else { Invoice::Payable })
}

/// Charged, or held and to be charged.
fn taken() -> Condition {
    let to_charge = Condition::all()
        .add(attempt::Column::State.eq(State::Authorised.code()))
        .add(attempt::Column::HoldOrder.eq(HoldOrder::Charge.code()));
    Condition::any().add(attempt::Column::State.eq(State::Charged.code())).add(to_charge)
}

pub(crate) async fn insert(tx: &Tx, sealer: &Sealer, attempt: &Attempt) -> Result<(), Error> {
    attempt::Entity::insert(to_row(attempt, sealer)?).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Raises the version by compare-and-set and writes the attempt.
pub(crate) async fn save(tx: &Tx, sealer: &Sealer, attempt: &mut Attempt) -> Result<(), Error> {
    let before = attempt.version;
    attempt.version += 1;
    let saved = attempt::Entity::update_many()
        .set(to_row(attempt, sealer)?)
        .filter(attempt::Column::Id.eq(attempt.id.to_string()))
        .filter(attempt::Column::Version.eq(before))
        .exec(&**tx)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}

/// Where a column's value of an attempt is sealed for.
pub(crate) fn place(table: &str, column: &str, id: &str) -> String {
    format!("{table}/{column}/{id}")
}

pub(crate) fn to_domain(row: attempt::Model, sealer: &Sealer) -> Result<Attempt, Error> {
    let corrupt = |column| Error::corrupt("attempt", column, &row.id);
    let currency = Currency::parse(&row.currency).map_err(|_| corrupt("currency"))?;
    let secret_hash = sealer.open_text(&place("attempt", "secret_hash_sealed", &row.id), &row.secret_hash_sealed)?;
    Ok(Attempt {
        id: row.id.parse().map_err(|_| corrupt("id"))?,
        version: row.version,
        invoice_id: row.invoice_id.parse().map_err(|_| corrupt("invoice_id"))?,
        application_number: row.application_number,
        account: row.account_id.parse().map_err(|_| corrupt("account_id"))?,
        state: State::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        amount: Money::new(row.amount_minor, currency),
        decline: match row.decline_class.as_str() {
            "" => None,
            code => Some(Decline::parse(code).ok_or_else(|| corrupt("decline_class"))?),
        },
        late_polls: u32::try_from(row.late_polls).map_err(|_| corrupt("late_polls"))?,
        created_at: Time::from_micros(row.created_at),
        started_at: Time::from_micros(row.started_at),
        page_expires_at: Time::from_micros(row.page_expires_at),
        closed_at: row.closed_at.map(Time::from_micros),
        last_inquiry_at: Time::from_micros(row.last_inquiry_at),
        next_inquiry_at: row.next_inquiry_at.map(Time::from_micros),
        hold: Hold {
            order: match row.hold_order.as_str() {
                "" => None,
                code => Some(HoldOrder::parse(code).ok_or_else(|| corrupt("hold_order"))?),
            },
            called_at: row.hold_called_at.map(Time::from_micros),
            operation: row.hold_operation,
        },
        bank_invoice_id: row.bank_invoice_id,
        terminal: row.terminal,
        document_number: row.document_number,
        reason_code: row.reason_code,
        secret_hash,
    })
}

fn to_row(attempt: &Attempt, sealer: &Sealer) -> Result<attempt::ActiveModel, Error> {
    let id = attempt.id.to_string();
    let suffix = attempt.bank_invoice_id.len().saturating_sub(6);
    Ok(attempt::ActiveModel {
        version: Set(attempt.version),
        invoice_id: Set(attempt.invoice_id.to_string()),
        application_number: Set(attempt.application_number),
        account_id: Set(attempt.account.to_string()),
        state: Set(attempt.state.code().to_owned()),
        amount_minor: Set(attempt.amount.minor()),
        currency: Set(attempt.amount.currency().code().to_owned()),
        bank_invoice_id: Set(attempt.bank_invoice_id.clone()),
        bank_invoice_suffix: Set(attempt.bank_invoice_id.get(suffix..).unwrap_or_default().to_owned()),
        terminal: Set(attempt.terminal.clone()),
        document_number: Set(attempt.document_number.clone()),
        secret_hash_sealed: Set(sealer.seal_text(&place("attempt", "secret_hash_sealed", &id), &attempt.secret_hash)?),
        decline_class: Set(attempt.decline.map(Decline::code).unwrap_or_default().to_owned()),
        reason_code: Set(attempt.reason_code.clone()),
        created_at: Set(attempt.created_at.micros()),
        started_at: Set(attempt.started_at.micros()),
        page_expires_at: Set(attempt.page_expires_at.micros()),
        closed_at: Set(attempt.closed_at.map(|at| at.micros())),
        late_polls: Set(i32::try_from(attempt.late_polls).unwrap_or(i32::MAX)),
        last_inquiry_at: Set(attempt.last_inquiry_at.micros()),
        next_inquiry_at: Set(attempt.next_inquiry_at.map(|at| at.micros())),
        hold_operation: Set(attempt.hold.operation.clone()),
        hold_order: Set(attempt.hold.order.map(HoldOrder::code).unwrap_or_default().to_owned()),
        hold_called_at: Set(attempt.hold.called_at.map(|at| at.micros())),
        id: Set(id),
        ..Default::default()
    })
}
