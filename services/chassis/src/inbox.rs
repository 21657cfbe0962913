//! Facts enter a service through here: each is applied once, in one transaction with the row that remembers it.
//! What can't be applied is parked and stops only its own aggregate.

use std::time::Duration;

use proto::{Fact, common::v1::Envelope};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, sea_query::OnConflict,
};

use crate::{bus::Consumer, clock::Sources, crash, db::Tx, error::Error};

pub mod applied {
    //! Facts that a reader has applied.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub consumer: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: String,
        pub aggregate_id: String,
        pub aggregate_version: i64,
        pub applied_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod parked {
    //! Facts that wait for a person.
    use sea_orm::entity::prelude::*;

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
        pub envelope: Vec<u8>,
        pub reason: String,
        pub deliveries: i32,
        /// `parked` (it failed itself) or `blocked` (an earlier one of its aggregate is parked).
        pub state: String,
        pub parked_at: i64,
        pub decided_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Applies facts in the reader's transaction. Must be free of effects outside `tx`.
#[async_trait::async_trait]
pub trait Handler: Send + Sync {
    async fn handle(&self, tx: &Tx, envelope: &Envelope) -> Result<(), Error>;
}

/// Deliveries after which a fact is parked rather than tried again.
const DELIVERIES_MAX: u32 = 8;

/// What became of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Applied (now or before) or parked: the bus may forget it.
    Done,
    /// To be delivered again after this long.
    Again(Duration),
}

/// The payload of an envelope that is known to carry `F`.
pub fn payload<F: Fact>(envelope: &Envelope) -> Result<F, Error> {
    F::decode(envelope.payload.as_slice())
        .map_err(|error| Error::Malformed(format!("event {} is no {}: {error}", envelope.event_id, F::TYPE)))
}

/// Applies a batch in one transaction, each fact in a savepoint of its own.
pub async fn apply(
    consumer: &Consumer,
    arrived: Vec<(Envelope, u32)>,
    sources: &Sources,
) -> Result<Vec<(String, Outcome)>, Error> {
    let (reader, sources) = (consumer.clone(), sources.clone());
    consumer
        .db
        .write(move |tx| async move {
            let mut outcomes = Vec::with_capacity(arrived.len());
            for (envelope, deliveries) in arrived {
                let outcome = apply_one(&tx, &reader, &envelope, deliveries, &sources).await?;
                outcomes.push((envelope.event_id, outcome));
            }
            crash::point("inbox-before-commit");
            Ok::<_, Error>(outcomes)
        })
        .await
}

async fn apply_one(
    tx: &Tx,
    consumer: &Consumer,
    envelope: &Envelope,
    deliveries: u32,
    sources: &Sources,
) -> Result<Outcome, Error> {
    let fresh = applied::Entity::insert(applied::ActiveModel {
        consumer: Set(consumer.name.to_owned()),
        event_id: Set(envelope.event_id.clone()),
        aggregate_id: Set(envelope.aggregate_id.clone()),
        aggregate_version: Set(envelope.aggregate_version),
        applied_at: Set(sources.now().micros()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    if fresh == 0 {
        return Ok(Outcome::Done);
    }
    if stands_behind_parked(tx, consumer, envelope).await? {
        park(tx, consumer, envelope, deliveries, "an earlier fact of the aggregate is parked", "blocked", sources)
            .await?;
        return Ok(Outcome::Done);
    }
    let part = tx.savepoint().await?;
    let handled = {
        use futures::FutureExt as _;
        let span = crate::telemetry::consumer_span(consumer.name, envelope);
        let work = tracing::Instrument::instrument(consumer.handler.handle(&part, envelope), span);
        std::panic::AssertUnwindSafe(work).catch_unwind().await
    };
    let failure = match handled {
        Ok(Ok(())) => {
            part.release().await?;
            return Ok(Outcome::Done);
        }
        Ok(Err(error)) => error,
        Err(_) => Error::Internal(anyhow::anyhow!("the handler panicked")),
    };
    part.roll_back().await?;
    let hopeless = matches!(failure, Error::Malformed(_));
    if hopeless || deliveries >= DELIVERIES_MAX {
        tracing::error!(consumer = consumer.name, event_id = envelope.event_id, error = %failure, "event parked");
        park(tx, consumer, envelope, deliveries, &failure.to_string(), "parked", sources).await?;
        return Ok(Outcome::Done);
    }
    tracing::warn!(consumer = consumer.name, event_id = envelope.event_id, deliveries, error = %failure, "event will be tried again");
    applied::Entity::delete_by_id((consumer.name.to_owned(), envelope.event_id.clone())).exec(&**tx).await?;
    Ok(Outcome::Again(sources.jittered(Duration::from_secs(1 << deliveries.min(8)).min(Duration::from_secs(300)))))
}

/// A parked fact blocks the later ones of its aggregate, for this reader only.
async fn stands_behind_parked(tx: &Tx, consumer: &Consumer, envelope: &Envelope) -> Result<bool, Error> {
    let parked = parked::Entity::find()
        .filter(parked::Column::Consumer.eq(consumer.name))
        .filter(parked::Column::AggregateId.eq(&envelope.aggregate_id))
        .filter(parked::Column::AggregateVersion.lte(envelope.aggregate_version))
        .filter(parked::Column::State.is_in(["parked", "blocked"]))
        .count(&**tx)
        .await?;
    Ok(parked > 0)
}

async fn park(
    tx: &Tx,
    consumer: &Consumer,
    envelope: &Envelope,
    deliveries: u32,
    reason: &str,
    state: &str,
    sources: &Sources,
) -> Result<(), Error> {
    parked::Entity::insert(parked::ActiveModel {
        consumer: Set(consumer.name.to_owned()),
        event_id: Set(envelope.event_id.clone()),
        producer: Set(envelope.producer.clone()),
        aggregate_id: Set(envelope.aggregate_id.clone()),
        aggregate_version: Set(envelope.aggregate_version),
        envelope: Set(prost::Message::encode_to_vec(envelope)),
        reason: Set(reason.chars().take(500).collect()),
        deliveries: Set(i32::try_from(deliveries).unwrap_or(i32::MAX)),
        state: Set(state.to_owned()),
        parked_at: Set(sources.now().micros()),
        decided_by: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}
