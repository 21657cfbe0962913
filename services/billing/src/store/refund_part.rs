//! Rows of `refund_part`.

use chassis::{Error, Tx};
use kernel::{Money, Time};
use sea_orm::{ActiveValue::Set, QueryOrder as _, entity::prelude::*};

use crate::domain::refund::part::{Part, PartState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund_part")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub application_number: i64,
    pub refund_id: String,
    pub operation: String,
    pub attempt: String,
    pub card_mask: String,
    pub amount: i64,
    pub state: String,
    pub reason: String,
    pub sent_at: i64,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Parts of an application's refunds, oldest first.
pub(crate) async fn of(db: &impl ConnectionTrait, number: i64) -> Result<Vec<Part>, Error> {
    let query = Entity::find().filter(Column::ApplicationNumber.eq(number));
    let rows = query.order_by_asc(Column::SentAt).order_by_asc(Column::Id).all(db).await?;
    rows.into_iter().map(to_part).collect()
}

fn to_part(row: Model) -> Result<Part, Error> {
    let state = PartState::parse(&row.state).ok_or_else(|| Error::corrupt("refund_part", "state", &row.id))?;
    Ok(Part {
        id: row.id,
        refund: row.refund_id,
        operation: row.operation,
        attempt: row.attempt,
        card_mask: row.card_mask,
        amount: Money::home(row.amount),
        state,
        reason: row.reason,
        at: Time::from_micros(row.at),
    })
}

pub(crate) async fn insert(tx: &Tx, number: i64, parts: &[Part]) -> Result<(), Error> {
    let rows = parts.iter().map(|part| ActiveModel {
        id: Set(part.id.clone()),
        application_number: Set(number),
        refund_id: Set(part.refund.clone()),
        operation: Set(part.operation.clone()),
        attempt: Set(part.attempt.clone()),
        card_mask: Set(part.card_mask.clone()),
        amount: Set(part.amount.minor()),
        state: Set(part.state.code().to_owned()),
        reason: Set(part.reason.clone()),
        sent_at: Set(part.at.micros()),
        at: Set(part.at.micros()),
    });
    Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    Ok(())
}

/// What became of it.
pub(crate) async fn update(tx: &Tx, part: &Part) -> Result<(), Error> {
    Entity::update(ActiveModel {
        id: Set(part.id.clone()),
        state: Set(part.state.code().to_owned()),
        reason: Set(part.reason.clone()),
        at: Set(part.at.micros()),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(())
}
