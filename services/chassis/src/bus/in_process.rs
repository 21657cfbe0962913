//! The embedded bus: deliveries are rows in the producer's own file, written in the transaction that marks the
//! facts published, so a crash between producer and reader only means another delivery. Memory carries nothing
//! but wake-ups. A fact whose handling kills the process never comes back as a failure; so what may have been handed
//! over before is counted before it is handed over again.

use std::{collections::HashMap, sync::Arc, time::Duration};

use kernel::Time;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use tokio::sync::Notify;

use super::{Bus, Consumer, Standing};
use crate::{
    clock::Sources,
    crash,
    db::{Database, Tx},
    error::Error,
    inbox::{self, Arrived, Outcome},
    outbox,
};

mod delivery {
    //! A fact that a reader has yet to take.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "delivery")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub consumer: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub event_id: String,
        pub due_at: i64,
        pub attempts: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod registered {
    //! A reader that is known, and the facts it acts on.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "consumer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// Full names, as a JSON list.
        pub facts: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Deliveries handed over in one transaction of the reader at most.
const BATCH: u64 = 64;

/// Reader names by the fact they act on; fixed before the first relay runs.
pub struct InProcessBus {
    readers: HashMap<&'static str, Vec<&'static str>>,
    wakes: HashMap<&'static str, Arc<Notify>>,
}

impl InProcessBus {
    pub fn new(consumers: &[Consumer]) -> Self {
        let mut readers: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
        for consumer in consumers {
            for fact in consumer.facts {
                readers.entry(fact).or_default().push(consumer.name);
            }
        }
        let wakes = consumers.iter().map(|consumer| (consumer.name, Arc::new(Notify::new()))).collect();
        Self { readers, wakes }
    }

    /// Woken when facts for this reader may have come.
    pub fn wake(&self, consumer: &str) -> Arc<Notify> {
        self.wakes.get(consumer).cloned().unwrap_or_default()
    }
}

#[async_trait::async_trait]
impl Bus for InProcessBus {
    async fn prepare(&self, _db: &Database, _sources: &Sources) -> Result<(), Error> {
        Ok(())
    }

    async fn publish(&self, tx: &Tx, rows: &[outbox::Model], now: Time) -> Result<Vec<Standing>, Error> {
        let deliveries: Vec<delivery::ActiveModel> = rows
            .iter()
            .flat_map(|row| {
                self.readers.get(row.fact.as_str()).into_iter().flatten().map(|consumer| delivery::ActiveModel {
                    consumer: Set((*consumer).to_owned()),
                    seq: Set(row.seq),
                    event_id: Set(row.event_id.clone()),
                    due_at: Set(now.micros()),
                    attempts: Set(0),
                })
            })
            .collect();
        if !deliveries.is_empty() {
            // A fact that is published anew may still wait for a reader.
            let once = OnConflict::new().do_nothing().to_owned();
            delivery::Entity::insert_many(deliveries).on_conflict(once).exec_without_returning(&**tx).await?;
        }
        Ok(rows.iter().map(|_| Standing::Kept(None)).collect())
    }

    fn published(&self) {
        for wake in self.wakes.values() {
            wake.notify_one();
        }
    }
}

/// Facts up to here may have been handed over by a process that is gone: what waited for the reader when this one began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog(i64);

/// Notes a reader in the producer's database. One that acts on more than before, or is new, gets the facts that are
/// still kept; its inbox knows which of them it has seen.
pub async fn register(
    producer: &Database,
    name: &'static str,
    facts: &'static [&'static str],
    now: Time,
) -> Result<Backlog, Error> {
    producer
        .write(move |tx| async move {
            let waiting: Option<Option<i64>> = delivery::Entity::find()
                .filter(delivery::Column::Consumer.eq(name))
                .select_only()
                .column_as(delivery::Column::Seq.max(), "seq")
                .into_tuple()
                .one(&*tx)
                .await?;
            let backlog = Backlog(waiting.flatten().unwrap_or_default());
            let known = registered::Entity::find_by_id(name.to_owned()).one(&*tx).await?;
            let before: Vec<String> =
                known.as_ref().and_then(|row| serde_json::from_str(&row.facts).ok()).unwrap_or_default();
            let added: Vec<&str> = facts.iter().copied().filter(|fact| !before.iter().any(|old| old == fact)).collect();
            if added.is_empty() {
                return Ok(backlog);
            }
            let kept: Vec<(i64, String)> = outbox::Entity::find()
                .filter(outbox::Column::PublishedAt.is_not_null())
                .filter(outbox::Column::Fact.is_in(added))
                .select_only()
                .columns([outbox::Column::Seq, outbox::Column::EventId])
                .into_tuple()
                .all(&*tx)
                .await?;
            for (seq, event_id) in kept {
                delivery::Entity::insert(delivery::ActiveModel {
                    consumer: Set(name.to_owned()),
                    seq: Set(seq),
                    event_id: Set(event_id),
                    due_at: Set(now.micros()),
                    attempts: Set(0),
                })
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .exec_without_returning(&*tx)
                .await?;
            }
            let list = serde_json::to_string(facts).map_err(|error| Error::Internal(error.into()))?;
            let row = registered::ActiveModel { name: Set(name.to_owned()), facts: Set(list) };
            if known.is_some() {
                registered::Entity::update(row).exec(&*tx).await?;
            } else {
                registered::Entity::insert(row).exec_without_returning(&*tx).await?;
            }
            Ok::<_, Error>(backlog)
        })
        .await
}

/// One step of one reader: takes what is due from the producer's file, applies it in the reader's, and strikes it
/// out. Tells how many facts it took.
pub async fn step(producer: &Database, consumer: &Consumer, backlog: Backlog, sources: &Sources) -> Result<u64, Error> {
    let due = delivery::Entity::find()
        .filter(delivery::Column::Consumer.eq(consumer.name))
        .filter(delivery::Column::DueAt.lte(sources.now().micros()))
        .order_by_asc(delivery::Column::Seq)
        .limit(BATCH)
        .all(producer.read())
        .await?;
    let mut taken = 0;
    for batch in batches(due) {
        taken += take(producer, consumer, batch, backlog, sources).await?;
    }
    Ok(taken)
}

/// What was never counted goes together; after it each of the others alone, the least tried first. So a fact that kills
/// the process keeps up those only that came with it once, and is the only one whose count grows.
fn batches(due: Vec<delivery::Model>) -> Vec<Vec<delivery::Model>> {
    let (mut counted, fresh): (Vec<_>, Vec<_>) = due.into_iter().partition(|row| row.attempts > 0);
    counted.sort_by_key(|row| (row.attempts, row.seq));
    let together = if fresh.is_empty() { None } else { Some(fresh) };
    together.into_iter().chain(counted.into_iter().map(|row| vec![row])).collect()
}

async fn take(
    producer: &Database,
    consumer: &Consumer,
    mut batch: Vec<delivery::Model>,
    backlog: Backlog,
    sources: &Sources,
) -> Result<u64, Error> {
    let again: Vec<i64> =
        batch.iter().filter(|row| row.attempts > 0 || row.seq <= backlog.0).map(|row| row.seq).collect();
    if !again.is_empty() {
        count(producer, consumer.name, again).await?;
    }
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Seq.is_in(batch.iter().map(|row| row.seq)))
        .all(producer.read())
        .await?;
    let mut bodies: HashMap<i64, Vec<u8>> = rows.into_iter().map(|row| (row.seq, row.envelope)).collect();
    let mut arrived = Vec::with_capacity(batch.len());
    for row in &mut batch {
        // From here on the count includes this time.
        row.attempts = row.attempts.saturating_add(1);
        let deliveries = row.attempts.unsigned_abs();
        if let Some(body) = bodies.remove(&row.seq) {
            arrived.push(Arrived { event_id: row.event_id.clone(), body, deliveries });
        }
    }
    let outcomes = inbox::apply(consumer, arrived, sources).await?;
    crash::point("inbox-after-commit");
    let again: HashMap<String, Duration> = outcomes
        .into_iter()
        .filter_map(|(event_id, outcome)| match outcome {
            Outcome::Done => None,
            Outcome::Again(delay) => Some((event_id, delay)),
        })
        .collect();
    settle(producer, consumer.name, batch, again, sources.now()).await
}

/// Counts these deliveries, so that the count stands whatever their handling does to the process.
async fn count(producer: &Database, consumer: &'static str, seqs: Vec<i64>) -> Result<(), Error> {
    producer
        .write(move |tx| async move {
            delivery::Entity::update_many()
                .col_expr(delivery::Column::Attempts, Expr::col(delivery::Column::Attempts).add(1))
                .filter(delivery::Column::Consumer.eq(consumer))
                .filter(delivery::Column::Seq.is_in(seqs))
                .exec(&*tx)
                .await?;
            Ok::<_, Error>(())
        })
        .await
}

/// Strikes out what is done, and notes when the rest comes again and how often it has come.
async fn settle(
    producer: &Database,
    consumer: &'static str,
    batch: Vec<delivery::Model>,
    again: HashMap<String, Duration>,
    now: Time,
) -> Result<u64, Error> {
    producer
        .write(move |tx| async move {
            let (waiting, done): (Vec<_>, Vec<_>) = batch.iter().partition(|row| again.contains_key(&row.event_id));
            let done: Vec<i64> = done.into_iter().map(|row| row.seq).collect();
            let count = done.len() as u64;
            delivery::Entity::delete_many()
                .filter(delivery::Column::Consumer.eq(consumer))
                .filter(delivery::Column::Seq.is_in(done))
                .exec(&*tx)
                .await?;
            for row in waiting {
                let delay = again.get(&row.event_id).copied().unwrap_or_default();
                delivery::Entity::update_many()
                    .col_expr(delivery::Column::Attempts, Expr::value(row.attempts))
                    .col_expr(delivery::Column::DueAt, Expr::value(now.plus(delay).micros()))
                    .filter(delivery::Column::Consumer.eq(consumer))
                    .filter(delivery::Column::Seq.eq(row.seq))
                    .exec(&*tx)
                    .await?;
            }
            Ok::<_, Error>(count)
        })
        .await
}
