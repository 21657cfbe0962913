//! What is measured of every service: facts that wait for the bus, facts that wait for a person, connections in use.

use std::sync::Arc;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::metrics::{self, Gauge};
use crate::{
    bus::Consumer, clock::Sources, context::Context, db::Database, error::Error, inbox::parked, outbox, worker::Worker,
};

struct Gauges {
    waiting: Gauge,
    age: Gauge,
    parked: Gauge,
    connections: Gauge,
    connections_max: Gauge,
}

impl Gauges {
    fn new() -> Self {
        Self {
            waiting: Gauge::new("portal.outbox.waiting", "{fact}", "Facts that the bus does not have yet."),
            age: Gauge::new("portal.outbox.age", "s", "Age of the oldest fact that the bus does not have yet."),
            parked: Gauge::new("portal.inbox.parked", "{fact}", "Facts that wait for a person, or behind such a one."),
            connections: Gauge::new("db.client.connection.count", "{connection}", "Connections of a pool, by state."),
            connections_max: Gauge::new("db.client.connection.max", "{connection}", "The most that a pool opens."),
        }
    }

    async fn look(&self, context: &Context, consumers: &[Consumer]) -> Result<(), Error> {
        self.connections(context.service, &context.db);
        let (waiting, age) = backlog(&context.db, &context.sources).await?;
        self.waiting.set(waiting, &[("producer", context.service)]);
        self.age.set(age, &[("producer", context.service)]);
        for consumer in consumers {
            let found = parked(&context.db, consumer.name).await?;
            self.parked.set(found, &[("consumer", consumer.name)]);
        }
        Ok(())
    }

    fn connections(&self, service: &'static str, db: &Database) {
        for pool in db.pools() {
            let name = format!("{service}/{}", pool.name);
            let label = ("db.client.connection.pool.name", name.as_str());
            let used = pool.open.saturating_sub(pool.idle);
            self.connections.set(i64::from(used), &[label, ("db.client.connection.state", "used")]);
            self.connections.set(i64::from(pool.idle), &[label, ("db.client.connection.state", "idle")]);
            self.connections_max.set(i64::from(pool.most), &[label]);
        }
    }
}

/// How many facts wait, and for how many seconds the oldest has.
async fn backlog(db: &Database, sources: &Sources) -> Result<(i64, i64), Error> {
    let found = outbox::Entity::find()
        .filter(outbox::Column::PublishedAt.is_null())
        .select_only()
        .column_as(outbox::Column::Seq.count(), "waiting")
        .column_as(outbox::Column::OccurredAt.min(), "oldest")
        .into_tuple::<(i64, Option<i64>)>()
        .one(db.read())
        .await?;
    let (waiting, oldest) = found.unwrap_or_default();
    let age = oldest.map_or(0, |oldest| sources.now().micros().saturating_sub(oldest).max(0) / 1_000_000);
    Ok((waiting, age))
}

async fn parked(db: &Database, consumer: &'static str) -> Result<i64, Error> {
    let found = parked::Entity::find()
        .filter(parked::Column::Consumer.eq(consumer))
        .filter(parked::Column::State.is_in([parked::PARKED, parked::BLOCKED]))
        .select_only()
        .column_as(parked::Column::EventId.count(), "count")
        .into_tuple::<i64>()
        .one(db.read())
        .await?;
    Ok(found.unwrap_or_default())
}

/// The worker that looks at one service; none without a collector.
pub(crate) fn worker(context: &Context, consumers: &[Consumer]) -> Option<Worker> {
    let gauges = Arc::new(Gauges::new());
    let (context, consumers) = (context.clone(), Arc::new(consumers.to_vec()));
    metrics::worker("measure", move || {
        let (gauges, context, consumers) = (Arc::clone(&gauges), context.clone(), Arc::clone(&consumers));
        async move { gauges.look(&context, &consumers).await }
    })
}
