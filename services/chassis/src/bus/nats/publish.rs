//! The producer's side: publishes what the relay hands over, one after another within an aggregate, side by side
//! across aggregates, and counts nothing as kept before the server has said so.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::Duration,
};

use async_nats::jetstream::{message::PublishMessage, stream::Stream};
use kernel::Time;
use sea_orm::DbBackend;

use super::{Nats, PATIENCE, away, compare, loss, stream_config, stream_name};
use crate::{
    bus::{Bus, Place, Standing},
    clock::Sources,
    db::{Database, Tx},
    error::Error,
    outbox,
};

/// The stream is compared with what was known of it at each connect, and this often.
const COMPARED_EVERY: Duration = Duration::from_secs(60);

/// Publishes one context's facts into its stream.
pub struct NatsBus {
    nats: Nats,
    context: &'static str,
    /// The connect after which the stream was last compared, and when that was.
    compared_connect: AtomicU64,
    compared_at: AtomicI64,
    epoch: tokio::sync::RwLock<Option<String>>,
}

impl NatsBus {
    pub fn new(nats: Nats, context: &'static str) -> Self {
        Self {
            nats,
            context,
            compared_connect: AtomicU64::new(0),
            compared_at: AtomicI64::new(0),
            epoch: tokio::sync::RwLock::new(None),
        }
    }

    /// The stream, made where it is missing, and as it was asked to be.
    async fn stream(&self) -> Result<Stream, Error> {
        let asked = stream_config(self.context, &self.nats.config);
        let stream = match self.nats.jetstream.get_stream(&asked.name).await {
            Ok(stream) => stream,
            Err(_) => self
                .nats
                .jetstream
                .create_stream(asked.clone())
                .await
                .map_err(|error| away("making the stream", error))?,
        };
        let differences = compare::differences(&asked, &stream.cached_info().config);
        if differences.is_empty() {
            Ok(stream)
        } else {
            let differences = differences.join("; ");
            Err(Error::Unavailable(format!("the stream {} is not as asked: {differences}", asked.name)))
        }
    }

    /// One fact, kept once the server has acknowledged it.
    async fn publish_one(&self, row: &outbox::Model, epoch: &str) -> Result<(Place, bool), String> {
        let occurred = jiff::Timestamp::from_microsecond(row.occurred_at).unwrap_or_default().to_string();
        let message = PublishMessage::build()
            .payload(row.envelope.clone().into())
            .message_id(&row.event_id)
            .expected_stream(stream_name(self.context))
            .header("ce-specversion", "1.0")
            .header("ce-id", row.event_id.as_str())
            .header("ce-type", row.fact.as_str())
            .header("ce-source", format!("portal/{}", self.context))
            .header("ce-subject", format!("{}/{}", row.aggregate_type, row.aggregate_id))
            .header("ce-time", occurred)
            .header("traceparent", traceparent(row));
        let sent = async {
            self.nats
                .jetstream
                .send_publish(row.subject.clone(), message)
                .await
                .map_err(|error| error.to_string())?
                .await
                .map_err(|error| error.to_string())
        };
        // The permit to send waits without an end of its own.
        let ack = tokio::time::timeout(PATIENCE, sent).await.map_err(|_| "no word in time".to_owned())??;
        let seq = i64::try_from(ack.sequence).unwrap_or(i64::MAX);
        Ok((Place { epoch: epoch.to_owned(), seq }, ack.duplicate))
    }
}

impl NatsBus {
    /// Facts of one aggregate, in order; a later one does not overtake one that was not kept.
    async fn publish_aggregate(
        &self,
        facts: Vec<(usize, &outbox::Model)>,
        epoch: &str,
    ) -> Vec<(usize, Result<(Place, bool), String>)> {
        let mut told = Vec::with_capacity(facts.len());
        for (index, row) in facts {
            let outcome = self.publish_one(row, epoch).await;
            let stop = outcome.is_err();
            told.push((index, outcome));
            if stop {
                break;
            }
        }
        told
    }
}

fn traceparent(row: &outbox::Model) -> String {
    <proto::common::v1::Envelope as prost::Message>::decode(row.envelope.as_slice())
        .map(|envelope| envelope.traceparent)
        .unwrap_or_default()
}

#[async_trait::async_trait]
impl Bus for NatsBus {
    async fn prepare(&self, db: &Database, sources: &Sources) -> Result<(), Error> {
        self.nats.connected()?;
        let (connects, now) = (self.nats.connects(), sources.now());
        let due = Time::from_micros(self.compared_at.load(Ordering::SeqCst)).plus(COMPARED_EVERY) <= now;
        if self.compared_connect.load(Ordering::SeqCst) == connects && !due {
            return Ok(());
        }
        let stream = self.stream().await?;
        let epoch = loss::compare(db, &stream, &stream_name(self.context)).await?;
        *self.epoch.write().await = Some(epoch);
        self.compared_connect.store(connects, Ordering::SeqCst);
        self.compared_at.store(now.micros(), Ordering::SeqCst);
        Ok(())
    }

    async fn publish(&self, tx: &Tx, rows: &[outbox::Model], _now: Time) -> Result<Vec<Standing>, Error> {
        if sea_orm::ConnectionTrait::get_database_backend(&**tx) == DbBackend::Sqlite {
            return Err(Error::Internal(anyhow::anyhow!("NATS needs PostgreSQL beside it: SQLite has one writer")));
        }
        self.nats.connected()?;
        let epoch =
            self.epoch.read().await.clone().ok_or_else(|| Error::Unavailable("the stream is unknown".to_owned()))?;
        let name = stream_name(self.context);
        let high = loss::high(tx, &name).await?;
        let mut by_aggregate: BTreeMap<(&str, &str), Vec<(usize, &outbox::Model)>> = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            by_aggregate.entry((&row.aggregate_type, &row.aggregate_id)).or_default().push((index, row));
        }
        let waiting = by_aggregate.into_values().map(|facts| self.publish_aggregate(facts, &epoch));
        let mut told: Vec<(usize, Result<(Place, bool), String>)> =
            futures::future::join_all(waiting).await.into_iter().flatten().collect();
        told.sort_by_key(|(index, _)| *index);
        let fresh: Vec<i64> = told
            .iter()
            .filter_map(|(_, outcome)| outcome.as_ref().ok().filter(|(_, duplicate)| !duplicate))
            .map(|(place, _)| place.seq)
            .collect();
        loss::note(tx, &name, &epoch, high, &fresh, rows).await?;
        if told.iter().any(|(_, outcome)| outcome.is_err()) {
            // The stream may have gone, or been made anew: it is looked at before the next try.
            self.compared_at.store(0, Ordering::SeqCst);
        }
        let mut standings = vec![Standing::Refused("an earlier fact of the aggregate waits".to_owned()); rows.len()];
        for (index, outcome) in told {
            if let Some(standing) = standings.get_mut(index) {
                *standing = match outcome {
                    Ok((place, _)) => Standing::Kept(Some(place)),
                    Err(reason) => Standing::Refused(reason),
                };
            }
        }
        Ok(standings)
    }

    fn published(&self) {}
}
