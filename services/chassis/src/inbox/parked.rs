//! Facts that wait for a person: kept with the reason, shown to staff, applied again or passed over.

use kernel::Actor;
use proto::common::v1::Envelope;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, entity::prelude::*, sea_query::Expr,
};

use super::{Arrived, Consumer, handle};
use crate::{audit, clock::Sources, db::Tx, error::Error};

/// It failed itself.
pub const PARKED: &str = "parked";
/// An earlier one of its aggregate is parked.
pub const BLOCKED: &str = "blocked";
/// A person had it passed over.
pub const SKIPPED: &str = "skipped";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox_parked")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub consumer: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    pub producer: String,
    pub aggregate_id: String,
    pub aggregate_version: i64,
    /// As it arrived, readable or not.
    pub envelope: Vec<u8>,
    pub reason: String,
    pub deliveries: i32,
    pub state: String,
    pub parked_at: i64,
    pub decided_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whether anything is parked for a reader.
pub(super) async fn any(tx: &Tx, consumer: &Consumer) -> Result<bool, Error> {
    let one = Entity::find()
        .filter(Column::Consumer.eq(consumer.name))
        .filter(Column::State.is_in([PARKED, BLOCKED]))
        .select_only()
        .column(Column::EventId)
        .limit(1)
        .into_tuple::<String>()
        .one(&**tx)
        .await?;
    Ok(one.is_some())
}

/// A parked fact blocks the later ones of its aggregate, for this reader only.
pub(super) async fn stands_behind(tx: &Tx, consumer: &Consumer, envelope: &Envelope) -> Result<bool, Error> {
    let parked = Entity::find()
        .filter(Column::Consumer.eq(consumer.name))
        .filter(Column::AggregateId.eq(&envelope.aggregate_id))
        .filter(Column::AggregateVersion.lte(envelope.aggregate_version))
        .filter(Column::State.is_in([PARKED, BLOCKED]))
        .count(&**tx)
        .await?;
    Ok(parked > 0)
}

pub(super) async fn park(
    tx: &Tx,
    consumer: &Consumer,
    one: &Arrived,
    envelope: Option<&Envelope>,
    reason: &str,
    state: &str,
    sources: &Sources,
) -> Result<(), Error> {
    Entity::insert(ActiveModel {
        consumer: Set(consumer.name.to_owned()),
        event_id: Set(one.event_id.clone()),
        producer: Set(consumer.producer.to_owned()),
        aggregate_id: Set(envelope.map(|envelope| envelope.aggregate_id.clone()).unwrap_or_default()),
        aggregate_version: Set(envelope.map_or(0, |envelope| envelope.aggregate_version)),
        envelope: Set(one.body.clone()),
        reason: Set(reason.chars().take(500).collect()),
        deliveries: Set(i32::try_from(one.deliveries).unwrap_or(i32::MAX)),
        state: Set(state.to_owned()),
        parked_at: Set(sources.now().micros()),
        decided_by: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// What waits for a person, oldest first.
pub async fn list(db: &impl ConnectionTrait, at_most: u64) -> Result<Vec<Model>, Error> {
    let waiting = Entity::find().filter(Column::State.is_in([PARKED, BLOCKED]));
    Ok(waiting.order_by_asc(Column::ParkedAt).order_by_asc(Column::EventId).limit(at_most).all(db).await?)
}

async fn waiting(tx: &Tx, consumer: &Consumer, event_id: &str) -> Result<Model, Error> {
    Entity::find_by_id((consumer.name.to_owned(), event_id.to_owned()))
        .filter(Column::State.eq(PARKED))
        .lock_exclusive()
        .one(&**tx)
        .await?
        .ok_or(Error::NotFound)
}

/// Applies a parked fact now, and then those that stood behind it, in order, up to one that fails. Tells whether the
/// fact itself could be applied.
pub async fn retry(
    tx: &Tx,
    consumer: &Consumer,
    event_id: &str,
    actor: &Actor,
    sources: &Sources,
) -> Result<bool, Error> {
    let row = waiting(tx, consumer, event_id).await?;
    audit::record(tx, sources, actor, "PARKED_EVENT_RETRIED", event_id, consumer.name).await?;
    let applied = try_again(tx, consumer, &row).await?;
    if applied {
        release(tx, consumer, &row).await?;
    }
    Ok(applied)
}

/// Passes a parked fact over for good, and applies those that stood behind it.
pub async fn skip(tx: &Tx, consumer: &Consumer, event_id: &str, actor: &Actor, sources: &Sources) -> Result<(), Error> {
    let row = waiting(tx, consumer, event_id).await?;
    audit::record(tx, sources, actor, "PARKED_EVENT_SKIPPED", event_id, consumer.name).await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(SKIPPED))
        .col_expr(Column::DecidedBy, Expr::value(actor.principal()))
        .filter(Column::Consumer.eq(consumer.name))
        .filter(Column::EventId.eq(event_id))
        .exec(&**tx)
        .await?;
    release(tx, consumer, &row).await
}

async fn try_again(tx: &Tx, consumer: &Consumer, row: &Model) -> Result<bool, Error> {
    let failure = match <Envelope as prost::Message>::decode(row.envelope.as_slice()) {
        Ok(envelope) => match handle(tx, consumer, &envelope).await? {
            Ok(()) => {
                Entity::delete_by_id((row.consumer.clone(), row.event_id.clone())).exec(&**tx).await?;
                return Ok(true);
            }
            Err(failure) => failure.to_string(),
        },
        Err(_) => "no readable envelope".to_owned(),
    };
    Entity::update_many()
        .col_expr(Column::State, Expr::value(PARKED))
        .col_expr(Column::Reason, Expr::value(failure.chars().take(500).collect::<String>()))
        .filter(Column::Consumer.eq(&row.consumer))
        .filter(Column::EventId.eq(&row.event_id))
        .exec(&**tx)
        .await?;
    Ok(false)
}

/// Applies the facts that a parked one blocked, oldest first; the first that fails is parked itself and blocks on.
async fn release(tx: &Tx, consumer: &Consumer, before: &Model) -> Result<(), Error> {
    if before.aggregate_id.is_empty() {
        return Ok(());
    }
    let still = Entity::find()
        .filter(Column::Consumer.eq(consumer.name))
        .filter(Column::AggregateId.eq(&before.aggregate_id))
        .filter(Column::State.eq(PARKED))
        .count(&**tx)
        .await?;
    if still > 0 {
        return Ok(());
    }
    let blocked = Entity::find()
        .filter(Column::Consumer.eq(consumer.name))
        .filter(Column::AggregateId.eq(&before.aggregate_id))
        .filter(Column::State.eq(BLOCKED))
        .order_by_asc(Column::AggregateVersion)
        .order_by_asc(Column::ParkedAt)
        .all(&**tx)
        .await?;
    for row in blocked {
        if !try_again(tx, consumer, &row).await? {
            break;
        }
    }
    Ok(())
}
