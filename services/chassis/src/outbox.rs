//! Facts leave a service through here: a fact and the change it tells of commit together, the relay does the rest.

use kernel::Time;
use proto::{Fact, common::v1::Envelope};
use sea_orm::{ActiveValue::Set, entity::prelude::*};

use crate::{clock::Sources, db::Tx, error::Error, telemetry};

/// Relays share the work by shard: all facts of one aggregate stand in one.
pub const SHARDS: i16 = 16;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub event_id: String,
    pub shard: i16,
    /// Full name of the payload's message.
    pub fact: String,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub aggregate_version: i64,
    pub ordinal: i32,
    pub subject: String,
    pub envelope: Vec<u8>,
    pub occurred_at: i64,
    pub published_at: Option<i64>,
    pub stream_seq: Option<i64>,
    pub stream_epoch: Option<String>,
    pub attempts: i32,
    pub next_attempt_at: i64,
    pub last_error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Writes facts of one aggregate at one version, in order. One per unit of work and aggregate.
pub struct Outbox<'a> {
    tx: &'a Tx,
    sources: &'a Sources,
    producer: &'static str,
    aggregate_id: String,
    version: i64,
    ordinal: i32,
}

impl<'a> Outbox<'a> {
    /// `version` is the aggregate's after the change; the caller has raised it in `tx` already, so that facts of
    /// one aggregate become visible in order.
    pub fn new(
        tx: &'a Tx,
        sources: &'a Sources,
        producer: &'static str,
        aggregate_id: impl ToString,
        version: i64,
    ) -> Self {
        Self { tx, sources, producer, aggregate_id: aggregate_id.to_string(), version, ordinal: 0 }
    }

    /// Appends one fact.
    pub async fn append<F: Fact>(&mut self, fact: &F) -> Result<(), Error> {
        let of = (&*self.aggregate_id, self.version, self.ordinal);
        Entity::insert(row(self.sources, self.producer, of, fact)).exec_without_returning(&**self.tx).await?;
        self.ordinal += 1;
        self.tx.carries_facts();
        Ok(())
    }
}

/// Facts of many aggregates, one of each, that are written in one statement.
pub struct Facts<'a> {
    sources: &'a Sources,
    producer: &'static str,
    rows: Vec<ActiveModel>,
}

impl<'a> Facts<'a> {
    pub fn new(sources: &'a Sources, producer: &'static str) -> Self {
        Self { sources, producer, rows: Vec::new() }
    }

    /// Adds the one fact of an aggregate at a version, as part of the current trace.
    pub fn add<F: Fact>(&mut self, aggregate_id: impl ToString, version: i64, fact: &F) {
        let of = (&*aggregate_id.to_string(), version, 0);
        self.rows.push(row(self.sources, self.producer, of, fact));
    }

    /// Writes them in the order in which they were added.
    pub async fn write(self, tx: &Tx) -> Result<(), Error> {
        if !self.rows.is_empty() {
            Entity::insert_many(self.rows).exec_without_returning(&**tx).await?;
            tx.carries_facts();
        }
        Ok(())
    }
}

/// A fact's row: of an aggregate, at its version, the so many-th there.
fn row<F: Fact>(
    sources: &Sources,
    producer: &'static str,
    (aggregate_id, version, ordinal): (&str, i64, i32),
    fact: &F,
) -> ActiveModel {
    let now: Time = sources.now();
    let event_id = sources.uuid().to_string();
    let (traceparent, tracestate) = telemetry::current_trace();
    let envelope = Envelope {
        event_id: event_id.clone(),
        r#type: F::TYPE.to_owned(),
        major: 1,
        minor: 0,
        producer: producer.to_owned(),
        aggregate_type: F::AGGREGATE.to_owned(),
        aggregate_id: aggregate_id.to_owned(),
        aggregate_version: version,
        ordinal: u32::try_from(ordinal).unwrap_or(0),
        occurred_at_micros: now.micros(),
        payload: fact.encode_to_vec(),
        traceparent,
        tracestate,
    };
    ActiveModel {
        event_id: Set(event_id),
        shard: Set(shard(aggregate_id)),
        fact: Set(F::TYPE.to_owned()),
        aggregate_type: Set(F::AGGREGATE.to_owned()),
        aggregate_id: Set(aggregate_id.to_owned()),
        aggregate_version: Set(version),
        ordinal: Set(ordinal),
        subject: Set(format!("portal.{producer}.v1.{}.{}", F::AGGREGATE, F::NAME)),
        envelope: Set(prost::Message::encode_to_vec(&envelope)),
        occurred_at: Set(now.micros()),
        attempts: Set(0),
        next_attempt_at: Set(0),
        ..Default::default()
    }
}

/// FNV-1a of the id, so that any process in any release puts an aggregate into the same shard.
fn shard(aggregate_id: &str) -> i16 {
    let hash = aggregate_id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    i16::try_from(hash % u64::from(SHARDS.unsigned_abs())).unwrap_or(0)
}
