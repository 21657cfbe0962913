//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod billable;
pub(crate) mod cancelled_application;
pub(crate) mod document;
pub(crate) mod evidence;
pub(crate) mod expiry;
pub(crate) mod invoice;
pub(crate) mod ledger;
pub(crate) mod receipt;
pub(crate) mod refund;
pub(crate) mod refund_part;
pub(crate) mod setting;
pub(crate) mod statement;
pub(crate) mod transfer;

use chassis::{Error, Tx, db::Source, seal::Sealer};
use kernel::{ApplicationNumber, InvoiceId, Money, Time};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};

use crate::domain::{
    billable::Billable,
    evidence::{Evidence, EvidenceKind},
    invoice::{Invoice, InvoiceState},
    ledger::Owner,
    payer::Payer,
    receipt::{Receipt, ReceiptState},
    status::PaymentStatus,
};

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.into()))
}

fn seal_payer(sealer: &Sealer, place: &str, payer: &Payer) -> Result<Vec<u8>, Error> {
    sealer.seal(place, json(payer)?.as_bytes())
}

fn open_payer(sealer: &Sealer, place: &str, sealed: &[u8]) -> Result<Payer, Error> {
    serde_json::from_slice(&sealer.open(place, sealed)?).map_err(|error| Error::Internal(error.into()))
}

fn billable_place(number: i64) -> String {
    format!("billable/payer_sealed/{number}")
}

fn invoice_place(id: &str) -> String {
    format!("invoice/payer_sealed/{id}")
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The billable of an application, or not found. Invoices and evidence are read after it: its lock is theirs too.
pub(crate) async fn load(db: &impl Source, sealer: &Sealer, number: i64) -> Result<Billable, Error> {
    let row = db.root(billable::Entity::find_by_id(number)).one(db).await?.ok_or(Error::NotFound)?;
    to_billable(row, sealer)
}

pub(crate) fn to_billable(row: billable::Model, sealer: &Sealer) -> Result<Billable, Error> {
    let number = row.application_number;
    let corrupt = |column| Error::corrupt("billable", column, number);
    Ok(Billable {
        application: ApplicationNumber::new(number).map_err(|_| corrupt("application_number"))?,
        account: row.account_id.parse().map_err(|_| corrupt("account_id"))?,
        version: row.version,
        status: PaymentStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?,
        lines: serde_json::from_str(&row.lines).map_err(|_| corrupt("lines"))?,
        total: Money::home(row.total),
        payer: row.payer_sealed.map(|sealed| open_payer(sealer, &billable_place(number), &sealed)).transpose()?,
        invoice: optional(&row.invoice_id).map(|id| id.parse().map_err(|_| corrupt("invoice_id"))).transpose()?,
        live_attempt: optional(&row.live_attempt),
        held_until: row.held_until.map(Time::from_micros),
        closed: row.closed,
        expired: row.expired,
        reserved_at: row.reserved_at.map(Time::from_micros),
        decline_reason: row.decline_reason,
        pending_since: row.pending_since.map(Time::from_micros),
    })
}

fn billable_row(billable: &Billable, sealer: &Sealer, now: Time) -> Result<billable::ActiveModel, Error> {
    let number = billable.application.get();
    let payer = billable.payer.as_ref().map(|payer| seal_payer(sealer, &billable_place(number), payer)).transpose()?;
    Ok(billable::ActiveModel {
        application_number: Set(number),
        account_id: Set(billable.account.to_string()),
        version: Set(billable.version),
        status: Set(billable.status.code().to_owned()),
        lines: Set(json(&billable.lines)?),
        total: Set(billable.total.minor()),
        payer_sealed: Set(payer),
        invoice_id: Set(billable.invoice.map(|id| id.to_string()).unwrap_or_default()),
        live_attempt: Set(billable.live_attempt.clone().unwrap_or_default()),
        held_until: Set(billable.held_until.map(|until| until.micros())),
        closed: Set(billable.closed),
        expired: Set(billable.expired),
        reserved_at: Set(billable.reserved_at.map(|at| at.micros())),
        decline_reason: Set(billable.decline_reason.clone()),
        changed_at: Set(now.micros()),
        pending_since: Set(billable.pending_since.map(|since| since.micros())),
    })
}

/// Writes a new billable; one that is there already stays as it is.
pub(crate) async fn insert(tx: &Tx, sealer: &Sealer, billable: &Billable, now: Time) -> Result<(), Error> {
    billable::Entity::insert(billable_row(billable, sealer, now)?)
        .on_conflict(sea_orm::sea_query::OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

/// Raises the version by compare-and-set and writes the row.
pub(crate) async fn update(tx: &Tx, sealer: &Sealer, billable: &mut Billable, now: Time) -> Result<(), Error> {
    let before = billable.version;
    billable.version += 1;
    let mut row = billable_row(billable, sealer, now)?;
    row.application_number = NotSet;
    let done = billable::Entity::update_many()
        .set(row)
        .filter(billable::Column::ApplicationNumber.eq(billable.application.get()))
        .filter(billable::Column::Version.eq(before))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}

/// Remembers that an application was cancelled before anything was to be paid.
pub(crate) async fn note_cancelled(tx: &Tx, number: i64) -> Result<(), Error> {
    cancelled_application::Entity::insert(cancelled_application::ActiveModel { application_number: Set(number) })
        .on_conflict(sea_orm::sea_query::OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

/// Whether an application was cancelled before anything was to be paid.
pub(crate) async fn is_cancelled(tx: &Tx, number: i64) -> Result<bool, Error> {
    Ok(cancelled_application::Entity::find_by_id(number).one(&**tx).await?.is_some())
}

/// An invoice, or not found.
pub(crate) async fn invoice(db: &impl ConnectionTrait, sealer: &Sealer, id: InvoiceId) -> Result<Invoice, Error> {
    let row = invoice::Entity::find_by_id(id.to_string()).one(db).await?.ok_or(Error::NotFound)?;
    to_invoice(row, sealer)
}

/// The invoice that money of a case belongs to: the one in force, or the last that was, where it has run out and the
/// renewed case has no other yet.
pub(crate) async fn money_is_for(tx: &Tx, billable: &Billable) -> Result<Option<InvoiceId>, Error> {
    if billable.invoice.is_some() {
        return Ok(billable.invoice);
    }
    let last = invoice::Entity::find()
        .filter(invoice::Column::ApplicationNumber.eq(billable.application.get()))
        .order_by_desc(invoice::Column::IssuedAt)
        .one(&**tx)
        .await?;
    last.map(|row| row.id.parse().map_err(|_| Error::corrupt("invoice", "id", &row.id))).transpose()
}

pub(crate) fn to_invoice(row: invoice::Model, sealer: &Sealer) -> Result<Invoice, Error> {
    let corrupt = |column| Error::corrupt("invoice", column, &row.id);
    Ok(Invoice {
        id: row.id.parse().map_err(|_| corrupt("id"))?,
        application: ApplicationNumber::new(row.application_number).map_err(|_| corrupt("application_number"))?,
        account: row.account_id.parse().map_err(|_| corrupt("account_id"))?,
        state: InvoiceState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        document_date: row.document_date.parse().map_err(|_| corrupt("document_date"))?,
        due_date: row.due_date.parse().map_err(|_| corrupt("due_date"))?,
        total: Money::home(row.total),
        settled: Money::home(row.settled),
        vat: Money::home(row.vat),
        vat_rate_basis_points: u16::try_from(row.vat_rate_basis_points)
            .map_err(|_| corrupt("vat_rate_basis_points"))?,
        payer: open_payer(sealer, &invoice_place(&row.id), &row.payer_sealed)?,
        content: serde_json::from_str(&row.content).map_err(|_| corrupt("content"))?,
        document_number: row.document_number,
        reference_number: row.reference_number,
    })
}

/// Writes a new invoice.
pub(crate) async fn insert_invoice(tx: &Tx, sealer: &Sealer, invoice: &Invoice, now: Time) -> Result<(), Error> {
    let id = invoice.id.to_string();
    invoice::Entity::insert(invoice::ActiveModel {
        application_number: Set(invoice.application.get()),
        account_id: Set(invoice.account.to_string()),
        state: Set(invoice.state.code().to_owned()),
        document_number: Set(invoice.document_number.clone()),
        document_date: Set(invoice.document_date.to_string()),
        due_date: Set(invoice.due_date.to_string()),
        reference_number: Set(invoice.reference_number.clone()),
        total: Set(invoice.total.minor()),
        vat: Set(invoice.vat.minor()),
        vat_rate_basis_points: Set(i32::from(invoice.vat_rate_basis_points)),
        payer_sealed: Set(seal_payer(sealer, &invoice_place(&id), &invoice.payer)?),
        content: Set(json(&invoice.content)?),
        issued_at: Set(now.micros()),
        reminded_days: Set(None),
        settled: Set(invoice.settled.minor()),
        id: Set(id),
    })
    .exec_without_returning(&**tx)
    .await?;
    let owner = Owner { application: invoice.application, invoice: invoice.id };
    ledger::post(tx, &owner.issued(invoice.total), now).await
}

/// An invoice is withdrawn, as void or as expired: what was still owed by it is owed no more.
pub(crate) async fn withdraw_invoice(tx: &Tx, invoice: &Invoice, state: InvoiceState, now: Time) -> Result<(), Error> {
    set_invoice(tx, invoice.id, state, invoice.settled).await?;
    let open = invoice.total.checked_sub(invoice.settled).unwrap_or(invoice.total);
    let owner = Owner { application: invoice.application, invoice: invoice.id };
    ledger::post(tx, &owner.withdrawn(open), now).await
}

/// Only the state of an invoice and what is settled of it ever change.
pub(crate) async fn set_invoice(tx: &Tx, id: InvoiceId, state: InvoiceState, settled: Money) -> Result<(), Error> {
    invoice::Entity::update(invoice::ActiveModel {
        id: Set(id.to_string()),
        state: Set(state.code().to_owned()),
        settled: Set(settled.minor()),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(())
}

/// Receipts of an application whose files have come, oldest first.
pub(crate) async fn receipts(db: &impl ConnectionTrait, sealer: &Sealer, number: i64) -> Result<Vec<Receipt>, Error> {
    let rows = receipt::Entity::find()
        .filter(receipt::Column::ApplicationNumber.eq(number))
        .filter(receipt::Column::State.ne(ReceiptState::Receiving.code()))
        .order_by_asc(receipt::Column::UploadedAt)
        .order_by_asc(receipt::Column::Id)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = |column| Error::corrupt("receipt", column, &row.id);
            Ok(Receipt {
                invoice: row.invoice_id.parse().map_err(|_| corrupt("invoice_id"))?,
                amount: Money::home(row.amount),
                paid_on: row.paid_on.parse().map_err(|_| corrupt("paid_on"))?,
                file_name: sealer.open_text(&receipt::place("file_name_sealed", &row.id), &row.file_name_sealed)?,
                state: ReceiptState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
                media_type: row.media_type,
                size_bytes: row.size_bytes,
                reason: row.reason,
                uploaded_by: row.uploaded_by,
                on_behalf: row.on_behalf,
                uploaded_at: Time::from_micros(row.uploaded_at),
                id: row.id,
            })
        })
        .collect()
}

pub(crate) async fn set_receipt_state(tx: &Tx, id: &str, state: ReceiptState, reason: &str) -> Result<(), Error> {
    receipt::Entity::update(receipt::ActiveModel {
        id: Set(id.to_owned()),
        state: Set(state.code().to_owned()),
        reason: Set(reason.to_owned()),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(())
}

/// What is not confirmed yet of the evidence for an invoice has been confirmed, or declined.
pub(crate) async fn decide_evidence(tx: &Tx, id: InvoiceId, confirmed: bool) -> Result<(), Error> {
    evidence::Entity::update_many()
        .col_expr(evidence::Column::Confirmed, Expr::value(confirmed))
        .col_expr(evidence::Column::Applied, Expr::value(confirmed))
        .filter(evidence::Column::InvoiceId.eq(id.to_string()))
        .filter(evidence::Column::Applied.eq(true))
        .filter(evidence::Column::Confirmed.eq(false))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// All evidence for an application, oldest first.
pub(crate) async fn evidence(db: &impl ConnectionTrait, number: i64) -> Result<Vec<Evidence>, Error> {
    let rows = evidence::Entity::find()
        .filter(evidence::Column::ApplicationNumber.eq(number))
        .order_by_asc(evidence::Column::At)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = |column| Error::corrupt("evidence", column, &row.operation);
            Ok(Evidence {
                application: ApplicationNumber::new(row.application_number)
                    .map_err(|_| corrupt("application_number"))?,
                invoice: row.invoice_id.parse().map_err(|_| corrupt("invoice_id"))?,
                attempt: row.attempt.clone(),
                amount: Money::home(row.amount),
                reference: row.reference.clone(),
                order: row.order_number.clone(),
                approval_code: row.approval_code.clone(),
                card_mask: row.card_mask.clone(),
                at: Time::from_micros(row.at),
                applied: row.applied,
                confirmed: row.confirmed,
                kind: EvidenceKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
                operation: row.operation.clone(),
            })
        })
        .collect()
}

/// Writes evidence once; tells whether it was new.
pub(crate) async fn insert_evidence(tx: &Tx, shown: &Evidence) -> Result<bool, Error> {
    let fresh = evidence::Entity::insert(evidence::ActiveModel {
        operation: Set(shown.operation.clone()),
        application_number: Set(shown.application.get()),
        invoice_id: Set(shown.invoice.to_string()),
        attempt: Set(shown.attempt.clone()),
        amount: Set(shown.amount.minor()),
        reference: Set(shown.reference.clone()),
        order_number: Set(shown.order.clone()),
        approval_code: Set(shown.approval_code.clone()),
        card_mask: Set(shown.card_mask.clone()),
        at: Set(shown.at.micros()),
        applied: Set(shown.applied),
        confirmed: Set(shown.confirmed),
        kind: Set(shown.kind.code().to_owned()),
    })
    .on_conflict(sea_orm::sea_query::OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    Ok(fresh > 0)
}
