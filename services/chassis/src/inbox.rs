//! Facts enter a service through here: each is applied once, in one transaction with the row that remembers it.
//! What can't be applied is parked and stops only its own aggregate.

pub mod parked;

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use futures::{FutureExt as _, StreamExt as _};
use kernel::Time;
use proto::{Fact, common::v1::Envelope};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{OnConflict, Query},
};
use tracing::Instrument as _;

use crate::{
    bus::Consumer,
    clock::Sources,
    crash,
    db::Tx,
    error::Error,
    telemetry::{self, metrics},
};

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

/// A fact as the bus delivers it.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub event_id: String,
    /// An encoded [`Envelope`], unless something went wrong on the way.
    pub body: Vec<u8>,
    /// How often it was delivered, this time included.
    pub deliveries: u32,
}

/// Aggregates whose facts are applied side by side, where the database has more than one writer.
const SIDE_BY_SIDE: usize = 4;

/// Applies a batch in one transaction. Nearly all facts can be applied, so they are, without a savepoint and a look at what
/// is parked for each; where one can't be, all is undone and they are taken again with care: on SQLite still in one
/// transaction, each in a savepoint of its own; elsewhere each has its own transaction, and different aggregates don't wait
/// for each other.
pub async fn apply(
    consumer: &Consumer,
    arrived: Vec<Arrived>,
    sources: &Sources,
) -> Result<Vec<(String, Outcome)>, Error> {
    // Facts that the reader does not ask for are passed by without a word to the database.
    let (arrived, foreign): (Vec<_>, Vec<_>) = arrived.into_iter().partition(|one| !is_foreign(consumer, one));
    let mut outcomes: Vec<(String, Outcome)> = Vec::with_capacity(arrived.len() + foreign.len());
    for one in foreign {
        metrics::arrived(consumer.name, "passed_by");
        outcomes.push((one.event_id, Outcome::Done));
    }
    if arrived.is_empty() {
        return Ok(outcomes);
    }
    if let Some(envelopes) = ordinary(&arrived)
        && let Ok(applied) = apply_at_once(consumer, envelopes, sources).await
    {
        outcomes.extend(applied);
        return Ok(outcomes);
    }
    if consumer.db.backend() == DbBackend::Sqlite {
        outcomes.extend(apply_with_care(consumer, arrived, sources).await?);
        return Ok(outcomes);
    }
    let mut by_aggregate: BTreeMap<String, Vec<Arrived>> = BTreeMap::new();
    for one in arrived {
        let key = <Envelope as prost::Message>::decode(one.body.as_slice())
            .map_or_else(|_| one.event_id.clone(), |envelope| envelope.aggregate_id);
        by_aggregate.entry(key).or_default().push(one);
    }
    let applied: Vec<Vec<(String, Outcome)>> = futures::stream::iter(by_aggregate.into_values())
        .map(|facts| async move {
            let mut outcomes = Vec::with_capacity(facts.len());
            for fact in facts {
                let (event_id, deliveries) = (fact.event_id.clone(), fact.deliveries);
                match apply_with_care(consumer, vec![fact], sources).await {
                    Ok(outcome) => outcomes.extend(outcome),
                    Err(error) => {
                        tracing::warn!(consumer = consumer.name, event_id, %error, "event will be tried again");
                        outcomes.push((event_id, Outcome::Again(rest(deliveries, sources))));
                    }
                }
            }
            outcomes
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .collect()
        .await;
    outcomes.extend(applied.into_iter().flatten());
    Ok(outcomes)
}

/// Whether it is, readably, a fact of a kind that the reader does not follow.
fn is_foreign(consumer: &Consumer, one: &Arrived) -> bool {
    <Envelope as prost::Message>::decode(one.body.as_slice())
        .is_ok_and(|envelope| envelope.event_id == one.event_id && !consumer.facts.contains(&envelope.r#type.as_str()))
}

/// Applies facts in one transaction, each in a savepoint of its own.
async fn apply_with_care(
    consumer: &Consumer,
    arrived: Vec<Arrived>,
    sources: &Sources,
) -> Result<Vec<(String, Outcome)>, Error> {
    let (reader, sources) = (consumer.clone(), sources.clone());
    consumer
        .db
        .write(move |tx| async move {
            let mut outcomes = Vec::with_capacity(arrived.len());
            for one in arrived {
                let outcome = apply_one(&tx, &reader, &one, &sources).await?;
                outcomes.push((one.event_id, outcome));
            }
            crash::point("inbox-before-commit");
            Ok::<_, Error>(outcomes)
        })
        .await
}

/// The facts, if all are readable, of a version that is known here, and come for the first time.
fn ordinary(arrived: &[Arrived]) -> Option<Vec<Envelope>> {
    let read = |one: &Arrived| {
        let envelope = <Envelope as prost::Message>::decode(one.body.as_slice()).ok()?;
        (envelope.event_id == one.event_id && envelope.major <= 1 && one.deliveries <= 1).then_some(envelope)
    };
    arrived.iter().map(read).collect()
}

async fn apply_at_once(
    consumer: &Consumer,
    envelopes: Vec<Envelope>,
    sources: &Sources,
) -> Result<Vec<(String, Outcome)>, Error> {
    let (reader, now) = (consumer.clone(), sources.now());
    let (outcomes, repeated) = consumer
        .db
        .write(move |tx| async move {
            if parked::any(&tx, &reader).await? {
                return Err(Error::Unavailable("a fact is parked".to_owned()));
            }
            let rows = envelopes.iter().map(|envelope| applied_row(&reader, envelope, now));
            let mut insert =
                applied::Entity::insert_many(rows).on_conflict(OnConflict::new().do_nothing().to_owned()).into_query();
            insert.returning(Query::returning().column(applied::Column::EventId));
            let written = tx.query_all(&insert).await?;
            let mut fresh: HashSet<String> =
                written.iter().map(|row| row.try_get("", "event_id")).collect::<Result<_, _>>()?;
            let (mut outcomes, mut repeated) = (Vec::with_capacity(envelopes.len()), 0);
            for envelope in envelopes {
                if fresh.remove(&envelope.event_id) {
                    let span = telemetry::consumer_span(reader.name, &envelope, reader.db.backend());
                    reader.handler.handle(&tx, &envelope).instrument(span).await?;
                } else {
                    repeated += 1;
                }
                outcomes.push((envelope.event_id, Outcome::Done));
            }
            crash::point("inbox-before-commit");
            Ok((outcomes, repeated))
        })
        .await?;
    for index in 0..outcomes.len() {
        metrics::arrived(consumer.name, if index < repeated { "repeated" } else { "applied" });
    }
    Ok(outcomes)
}

fn applied_row(consumer: &Consumer, envelope: &Envelope, now: Time) -> applied::ActiveModel {
    applied::ActiveModel {
        consumer: Set(consumer.name.to_owned()),
        event_id: Set(envelope.event_id.clone()),
        aggregate_id: Set(envelope.aggregate_id.clone()),
        aggregate_version: Set(envelope.aggregate_version),
        applied_at: Set(now.micros()),
    }
}

async fn apply_one(tx: &Tx, consumer: &Consumer, one: &Arrived, sources: &Sources) -> Result<Outcome, Error> {
    let decoded = <Envelope as prost::Message>::decode(one.body.as_slice());
    let readable = decoded.as_ref().ok().filter(|envelope| envelope.event_id == one.event_id);
    let unread = Envelope { event_id: one.event_id.clone(), ..Envelope::default() };
    let fresh = applied::Entity::insert(applied_row(consumer, readable.unwrap_or(&unread), sources.now()))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    if fresh == 0 {
        metrics::arrived(consumer.name, "repeated");
        return Ok(Outcome::Done);
    }
    let Some(envelope) = readable else {
        metrics::arrived(consumer.name, "unknown");
        parked::park(tx, consumer, one, None, "no readable envelope", parked::PARKED, sources).await?;
        return Ok(Outcome::Done);
    };
    if envelope.major > 1 {
        metrics::arrived(consumer.name, "unknown");
        let reason = format!("version {} of the fact is not known here", envelope.major);
        parked::park(tx, consumer, one, Some(envelope), &reason, parked::PARKED, sources).await?;
        return Ok(Outcome::Done);
    }
    if parked::stands_behind(tx, consumer, envelope).await? {
        metrics::arrived(consumer.name, "parked");
        let reason = "an earlier fact of the aggregate is parked";
        parked::park(tx, consumer, one, Some(envelope), reason, parked::BLOCKED, sources).await?;
        return Ok(Outcome::Done);
    }
    // A fact that kills the process never gets as far as a failure: the count of its deliveries tells.
    if one.deliveries > DELIVERIES_MAX {
        metrics::arrived(consumer.name, "parked");
        parked::park(tx, consumer, one, Some(envelope), "delivered too often", parked::PARKED, sources).await?;
        return Ok(Outcome::Done);
    }
    let Err(failure) = handle(tx, consumer, envelope).await? else {
        metrics::arrived(consumer.name, "applied");
        return Ok(Outcome::Done);
    };
    let hopeless = matches!(failure, Error::Malformed(_));
    if hopeless || one.deliveries >= DELIVERIES_MAX {
        metrics::arrived(consumer.name, "parked");
        tracing::error!(consumer = consumer.name, event_id = envelope.event_id, error = %failure, "event parked");
        parked::park(tx, consumer, one, Some(envelope), &failure.to_string(), parked::PARKED, sources).await?;
        return Ok(Outcome::Done);
    }
    metrics::arrived(consumer.name, "again");
    tracing::warn!(
        consumer = consumer.name,
        event_id = envelope.event_id,
        deliveries = one.deliveries,
        error = %failure,
        "event will be tried again"
    );
    applied::Entity::delete_by_id((consumer.name.to_owned(), envelope.event_id.clone())).exec(&**tx).await?;
    Ok(Outcome::Again(rest(one.deliveries, sources)))
}

/// Between two deliveries of a fact that could not be applied.
fn rest(deliveries: u32, sources: &Sources) -> Duration {
    sources.jittered(Duration::from_secs(1 << deliveries.min(8)).min(Duration::from_secs(300)))
}

/// Runs the handler in a savepoint: its failure undoes what it did and nothing else. The outer error is the
/// database's.
async fn handle(tx: &Tx, consumer: &Consumer, envelope: &Envelope) -> Result<Result<(), Error>, Error> {
    let part = tx.savepoint().await?;
    let span = telemetry::consumer_span(consumer.name, envelope, consumer.db.backend());
    let work = consumer.handler.handle(&part, envelope).instrument(span.clone());
    let failure = match std::panic::AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(())) => {
            part.release().await?;
            return Ok(Ok(()));
        }
        Ok(Err(error)) => error,
        Err(_) => Error::Internal(anyhow::anyhow!("the handler panicked")),
    };
    telemetry::failed(&span);
    part.roll_back().await?;
    Ok(Err(failure))
}

/// Forgets facts that were applied before `before`, some at a time. The bus has long forgotten them itself.
pub(crate) async fn forget(tx: &Tx, before: i64, at_most: u64) -> Result<u64, Error> {
    let old: Vec<String> = applied::Entity::find()
        .filter(applied::Column::AppliedAt.lt(before))
        .select_only()
        .column(applied::Column::EventId)
        .limit(at_most)
        .into_tuple()
        .all(&**tx)
        .await?;
    if old.is_empty() {
        return Ok(0);
    }
    let gone = applied::Entity::delete_many()
        .filter(applied::Column::EventId.is_in(old))
        .filter(applied::Column::AppliedAt.lt(before))
        .exec(&**tx)
        .await?;
    Ok(gone.rows_affected)
}
