//! Rows written past the portal, as it would have written them: too many to come through its door.

mod postgres;
mod sqlite;

use prost::Message as _;
use proto::{Fact as _, applications::v1::ApplicationProgressed, common::v1::Envelope};
use uuid::Uuid;

use super::world::{Store, World};

/// Applications of each person.
pub(super) const EACH: u32 = 20;

/// The first application's number: those that came through the door have smaller ones.
const FIRST: u32 = 1001;
/// The organisation of twenty of them.
pub(super) const BIN: &str = "180340990008";

/// What staff search by, of the applications that were written before: persons and words of names, each other than those
/// of cases that came through the door, but for one given name that many share. The portal is to be paused.
pub(super) async fn searched(world: &World, rows: u32) -> anyhow::Result<()> {
    match world.store("applications")? {
        Store::File(file) => sqlite::searched(&file, rows).await,
        Store::Server(url) => postgres::searched(&url, rows).await,
    }
}

/// Applications, the first people's and many others', each person's far apart. The portal is to be paused.
pub(super) async fn applications(world: &World, rows: u32, owners: &[String]) -> anyhow::Result<()> {
    let people = (rows / EACH).max(u32::try_from(owners.len())?);
    match world.store("applications")? {
        Store::File(file) => sqlite::applications(&file, rows, people, owners).await,
        Store::Server(url) => postgres::applications(&url, rows, people, owners).await,
    }
}

/// A right to book one visit.
pub(super) struct Right {
    pub number: i64,
    pub account: String,
    /// A list of one person item, as JSON.
    pub items: String,
}

/// Rights to book, as applications would have opened them. The portal is to be paused.
pub(super) async fn rights(world: &World, rights: &[Right]) -> anyhow::Result<()> {
    match world.store("booking")? {
        Store::File(file) => sqlite::rights(&file, rights).await,
        Store::Server(url) => postgres::rights(&url, rights).await,
    }
}

/// A fact as it stands in an outbox.
pub(super) struct Told {
    pub event_id: String,
    pub shard: i16,
    pub aggregate_id: String,
    pub envelope: Vec<u8>,
    pub occurred_at: i64,
}

/// The numbers of the cases that such facts tell of begin here.
pub(super) const FACTS_FROM: i64 = 500_000_000;

/// Facts of cases that went on, which notifications reads and tells nobody of. The portal is to be paused.
pub(super) async fn facts(world: &World, count: usize, account: &str) -> anyhow::Result<()> {
    let now = chassis::clock::Sources::system().now().micros();
    let told: Vec<Told> = (FACTS_FROM..).take(count).map(|number| progressed(number, account, now)).collect();
    match world.store("applications")? {
        Store::File(file) => sqlite::facts(&file, &told).await,
        Store::Server(url) => postgres::facts(&url, &told).await,
    }
}

/// Name and subject of these facts.
const FACT: &str = ApplicationProgressed::TYPE;
const SUBJECT: &str = "portal.applications.v1.application.progressed";

fn progressed(number: i64, account: &str, now: i64) -> Told {
    let fact = ApplicationProgressed {
        number,
        account_id: account.to_owned(),
        step: "NONE".to_owned(),
        state: "IN_PROGRESS".to_owned(),
        person_item_id: String::new(),
        originals_awaited: false,
    };
    let event_id = Uuid::new_v4().to_string();
    let envelope = Envelope {
        event_id: event_id.clone(),
        r#type: FACT.to_owned(),
        major: 1,
        minor: 0,
        producer: "applications".to_owned(),
        aggregate_type: ApplicationProgressed::AGGREGATE.to_owned(),
        aggregate_id: number.to_string(),
        aggregate_version: 1,
        ordinal: 0,
        occurred_at_micros: now,
        payload: fact.encode_to_vec(),
        traceparent: String::new(),
        tracestate: String::new(),
    };
    Told {
        event_id,
        shard: i16::try_from(number % i64::from(chassis::outbox::SHARDS)).unwrap_or(0),
        aggregate_id: number.to_string(),
        envelope: envelope.encode_to_vec(),
        occurred_at: now,
    }
}
