//! One database per service: a writer that owns transactions and a pool that only reads.
//!
//! On SQLite all writes go through one queue. Whatever waits there is committed together, each unit of work in a
//! savepoint of its own, so that one flush to disk serves many (a committed write costs about 2 ms, whoever asks).
//! On PostgreSQL each unit of work is a transaction of its own, in a task that a vanished caller can't cancel:
//! a `BEGIN` cancelled half-way would poison the pooled connection.

mod migrate;
mod open;
mod queue;

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::FutureExt as _;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait, QuerySelect as _, Select,
    TransactionTrait as _,
};
use tokio::sync::Notify;
use tracing::Instrument as _;

pub use migrate::{Migrations, migrate};
pub use open::{DatabaseConfig, open, open_read_only};

use crate::{crash, error::Error, telemetry};

/// A service's database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    reader: DatabaseConnection,
    writer: Writer,
    outbox: Arc<Notify>,
}

#[derive(Clone)]
enum Writer {
    Queue(queue::Queue, DatabaseConnection),
    Pool(DatabaseConnection),
}

/// The transaction a unit of work runs in. Derefs to what queries take.
#[derive(Clone)]
pub struct Tx {
    inner: Arc<DatabaseTransaction>,
    facts: Arc<AtomicBool>,
}

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

/// Where an aggregate is loaded from. A unit of work locks the rows it decides on until its end, so that nobody
/// decides on the same state beside it; a reading pool locks nothing. SQLite has one writer and needs no locks: there
/// the clause falls away.
pub trait Source: ConnectionTrait {
    /// Whether what is loaded here is decided on.
    const DECIDES: bool;

    /// The query for an aggregate's root.
    fn root<E: EntityTrait>(&self, query: Select<E>) -> Select<E> {
        if Self::DECIDES { query.lock_exclusive() } else { query }
    }
}

impl Source for DatabaseConnection {
    const DECIDES: bool = false;
}

impl Source for DatabaseTransaction {
    const DECIDES: bool = true;
}

impl Tx {
    fn new(inner: DatabaseTransaction) -> Self {
        Self { inner: Arc::new(inner), facts: Arc::new(AtomicBool::new(false)) }
    }

    /// Told by the outbox: the relay is woken once this commits.
    pub(crate) fn carries_facts(&self) {
        self.facts.store(true, Ordering::Relaxed);
    }

    /// Opens a part of this transaction that can be rolled back by itself.
    #[expect(clippy::disallowed_methods, reason = "a savepoint inside a transaction that is already IMMEDIATE")]
    pub(crate) async fn savepoint(&self) -> Result<Tx, DbErr> {
        Ok(Tx { inner: Arc::new(self.inner.begin().await?), facts: Arc::clone(&self.facts) })
    }

    pub(crate) async fn release(self) -> Result<(), DbErr> {
        self.unwrap()?.commit().await
    }

    pub(crate) async fn roll_back(self) -> Result<(), DbErr> {
        self.unwrap()?.rollback().await
    }

    fn unwrap(self) -> Result<DatabaseTransaction, DbErr> {
        Arc::try_unwrap(self.inner)
            .map_err(|_| DbErr::Custom("a unit of work kept its transaction beyond its end".to_owned()))
    }
}

impl Database {
    pub(crate) fn new_sqlite(reader: DatabaseConnection, writer: DatabaseConnection) -> Self {
        let outbox = Arc::new(Notify::new());
        Self { reader, writer: Writer::Queue(queue::Queue::start(writer.clone(), Arc::clone(&outbox)), writer), outbox }
    }

    pub(crate) fn new_pool(pool: DatabaseConnection) -> Self {
        Self { reader: pool.clone(), writer: Writer::Pool(pool), outbox: Arc::new(Notify::new()) }
    }

    /// For queries that decide nothing. On SQLite it refuses to write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// How its pools are used now.
    pub(crate) fn pools(&self) -> Vec<Pool> {
        match &self.writer {
            Writer::Queue(_, writer) => vec![sqlite_pool("read", &self.reader), sqlite_pool("write", writer)],
            Writer::Pool(pool) => {
                let pool = pool.get_postgres_connection_pool();
                vec![Pool::new("all", pool.size(), pool.num_idle(), pool.options().get_max_connections())]
            }
        }
    }

    /// Woken after each commit that put facts into the outbox.
    pub(crate) fn outbox_wake(&self) -> Arc<Notify> {
        Arc::clone(&self.outbox)
    }

    /// Runs one unit of work in a write transaction and commits it; an error or panic rolls it back. The answer
    /// comes only after the commit. A caller that goes away does not stop it.
    ///
    /// The work must not keep the [`Tx`] beyond its end, and does no IO but on it.
    pub async fn write<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
    {
        match &self.writer {
            Writer::Queue(queue, _) => queue.run(work).await,
            Writer::Pool(pool) => {
                let (pool, outbox) = (pool.clone(), Arc::clone(&self.outbox));
                let task = async move {
                    let begun = begin_write(&pool).await.map_err(|error| E::from(Error::from(error)))?;
                    let tx = Tx::new(begun);
                    let facts = Arc::clone(&tx.facts);
                    let answer = finish(tx, work).await?;
                    if facts.load(Ordering::Relaxed) {
                        outbox.notify_one();
                    }
                    Ok(answer)
                }
                .instrument(telemetry::step_span("unit of work"));
                #[expect(clippy::disallowed_methods, reason = "a unit of work outlives a cancelled caller")]
                let done = tokio::spawn(task);
                done.await.unwrap_or_else(|_| Err(Error::Internal(anyhow::anyhow!("unit of work panicked")).into()))
            }
        }
    }

    /// Closes the pools; SQLite folds its log back into the file.
    pub async fn close(&self) {
        match &self.writer {
            Writer::Queue(queue, writer) => {
                queue.close().await;
                let _ = self.reader.close_by_ref().await;
                let _ = writer.close_by_ref().await;
            }
            Writer::Pool(pool) => {
                let _ = pool.close_by_ref().await;
            }
        }
    }
}

/// Connections of one pool.
pub(crate) struct Pool {
    pub(crate) name: &'static str,
    pub(crate) open: u32,
    pub(crate) idle: u32,
    pub(crate) most: u32,
}

impl Pool {
    fn new(name: &'static str, open: u32, idle: usize, most: u32) -> Self {
        Self { name, open, idle: u32::try_from(idle).unwrap_or(u32::MAX), most }
    }
}

fn sqlite_pool(name: &'static str, connection: &DatabaseConnection) -> Pool {
    let pool = connection.get_sqlite_connection_pool();
    Pool::new(name, pool.size(), pool.num_idle(), pool.options().get_max_connections())
}

async fn begin_write(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    connection
        .begin_with_options(sea_orm::TransactionOptions {
            sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
            ..Default::default()
        })
        .await
}

/// Runs the work in `tx` and commits or rolls back.
async fn finish<T, E, F, Fut>(tx: Tx, work: F) -> Result<T, E>
where
    E: From<Error>,
    F: FnOnce(Tx) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let outcome = std::panic::AssertUnwindSafe(work(tx.clone())).catch_unwind().await;
    match outcome {
        Ok(Ok(answer)) => {
            crash::point("command-before-commit");
            tx.release()
                .instrument(telemetry::step_span("commit"))
                .await
                .map_err(|error| E::from(Error::Unavailable(format!("the commit's outcome is unknown: {error}"))))?;
            crash::point("command-after-commit");
            Ok(answer)
        }
        Ok(Err(error)) => {
            let _ = tx.roll_back().await;
            Err(error)
        }
        Err(_) => {
            let _ = tx.roll_back().await;
            Err(Error::Internal(anyhow::anyhow!("unit of work panicked")).into())
        }
    }
}
