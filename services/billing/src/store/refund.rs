//! Rows of `refund`.

use chassis::{Error, Tx, seal::Sealer};
use kernel::{AccountId, ApplicationNumber, Money, Time};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    QueryOrder as _,
    entity::prelude::*,
};

use super::{json, refund_part};
use crate::domain::refund::{Details, Refund, RefundKind, RefundState, part::Part};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub application_number: i64,
    pub invoice_id: String,
    pub state: String,
    pub kind: String,
    pub lines: String,
    pub credited: i64,
    pub released: i64,
    pub details_sealed: Vec<u8>,
    pub requested_by: String,
    pub requested_at: i64,
    pub due_date: String,
    pub reviewed_by: String,
    pub decided_by: String,
    pub decline_reason: String,
    pub credit_note: String,
    pub order_number: String,
    pub order_date: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn place(id: &str) -> String {
    format!("refund/details_sealed/{id}")
}

fn seal(sealer: &Sealer, refund: &Refund) -> Result<Vec<u8>, Error> {
    sealer.seal(&place(&refund.id), json(&refund.details)?.as_bytes())
}

pub(crate) fn to_refund(row: Model, parts: Vec<Part>, sealer: &Sealer) -> Result<Refund, Error> {
    let corrupt = |column| Error::corrupt("refund", column, &row.id);
    let details = sealer.open(&place(&row.id), &row.details_sealed)?;
    let details: Details = serde_json::from_slice(&details).map_err(|_| corrupt("details_sealed"))?;
    Ok(Refund {
        application: ApplicationNumber::new(row.application_number).map_err(|_| corrupt("application_number"))?,
        invoice: row.invoice_id.parse().map_err(|_| corrupt("invoice_id"))?,
        state: RefundState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        kind: RefundKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
        lines: serde_json::from_str(&row.lines).map_err(|_| corrupt("lines"))?,
        credited: Money::home(row.credited),
        released: Money::home(row.released),
        details,
        requested_at: Time::from_micros(row.requested_at),
        due_date: row.due_date.parse().map_err(|_| corrupt("due_date"))?,
        reviewed_by: row.reviewed_by,
        decided_by: row.decided_by,
        decline_reason: row.decline_reason,
        credit_note: row.credit_note,
        order_number: row.order_number,
        order_date: row.order_date,
        id: row.id,
        parts,
    })
}

/// Refunds of an application, oldest first.
pub(crate) async fn of(db: &impl ConnectionTrait, sealer: &Sealer, number: i64) -> Result<Vec<Refund>, Error> {
    let query = Entity::find().filter(Column::ApplicationNumber.eq(number));
    let rows = query.order_by_asc(Column::RequestedAt).order_by_asc(Column::Id).all(db).await?;
    let parts = refund_part::of(db, number).await?;
    rows.into_iter()
        .map(|row| {
            let own = parts.iter().filter(|part| part.refund == row.id).cloned().collect();
            to_refund(row, own, sealer)
        })
        .collect()
}

fn row(refund: &Refund, sealer: &Sealer) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(refund.id.clone()),
        application_number: Set(refund.application.get()),
        invoice_id: Set(refund.invoice.to_string()),
        state: Set(refund.state.code().to_owned()),
        kind: Set(refund.kind.code().to_owned()),
        lines: Set(json(&refund.lines)?),
        credited: Set(refund.credited.minor()),
        released: Set(refund.released.minor()),
        details_sealed: Set(seal(sealer, refund)?),
        requested_by: NotSet,
        requested_at: Set(refund.requested_at.micros()),
        due_date: Set(refund.due_date.to_string()),
        reviewed_by: Set(refund.reviewed_by.clone()),
        decided_by: Set(refund.decided_by.clone()),
        decline_reason: Set(refund.decline_reason.clone()),
        credit_note: Set(refund.credit_note.clone()),
        order_number: Set(refund.order_number.clone()),
        order_date: Set(refund.order_date.clone()),
    })
}

pub(crate) async fn insert(tx: &Tx, sealer: &Sealer, refund: &Refund, by: Option<AccountId>) -> Result<(), Error> {
    let requested_by = Set(by.map(|by| by.to_string()).unwrap_or_default());
    Entity::insert(ActiveModel { requested_by, ..row(refund, sealer)? }).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The application's billable is locked by whoever changes a refund.
pub(crate) async fn update(tx: &Tx, sealer: &Sealer, refund: &Refund) -> Result<(), Error> {
    Entity::update(row(refund, sealer)?).exec(&**tx).await?;
    Ok(())
}
