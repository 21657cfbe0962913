//! SQLite's writer: takes all units of work that wait and commits them together, each in its own savepoint where there
//! are several.

use std::{
    pin::Pin,
    sync::{Arc, atomic::Ordering},
};

use sea_orm::DatabaseConnection;
use tokio::sync::{Notify, mpsc, oneshot};

use super::{Tx, begin_write, finish};
use crate::{crash, error::Error, telemetry};

/// Units of work committed together at most.
const BATCH_MAX: usize = 64;

type Reply = Box<dyn FnOnce(Result<(), String>) + Send>;
type Job = Box<dyn FnOnce(Tx) -> Pin<Box<dyn Future<Output = Reply> + Send>> + Send>;

#[derive(Clone)]
pub(super) struct Queue {
    jobs: mpsc::Sender<Job>,
    closed: Arc<Notify>,
}

impl Queue {
    pub(super) fn start(connection: DatabaseConnection, outbox: Arc<Notify>) -> Self {
        let (jobs, waiting) = mpsc::channel(1024);
        let closed = Arc::new(Notify::new());
        #[expect(clippy::disallowed_methods, reason = "lives as long as the database")]
        tokio::spawn(serve(connection, waiting, outbox, Arc::clone(&closed)));
        Self { jobs, closed }
    }

    pub(super) async fn close(&self) {
        self.closed.notify_one();
        self.jobs.closed().await;
    }

    pub(super) async fn run<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Result<T, E>>();
        let span = telemetry::step_span("unit of work");
        let job: Job = Box::new(move |tx| {
            Box::pin(tracing::Instrument::instrument(
                async move {
                    let outcome = finish(tx, work).await;
                    let reply: Reply = Box::new(move |committed| {
                        let _ = answer.send(match committed {
                            Ok(()) => outcome,
                            Err(reason) => outcome.and_then(|_| {
                                Err(E::from(Error::Unavailable(format!("the write was not kept: {reason}"))))
                            }),
                        });
                    });
                    reply
                },
                span,
            ))
        });
        let away = || E::from(Error::Unavailable("the database's writer has stopped".to_owned()));
        self.jobs.send(job).await.map_err(|_| away())?;
        answered.await.unwrap_or_else(|_| Err(away()))
    }
}

async fn serve(
    connection: DatabaseConnection,
    mut waiting: mpsc::Receiver<Job>,
    outbox: Arc<Notify>,
    closed: Arc<Notify>,
) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    loop {
        tokio::select! {
            biased;
            taken = waiting.recv_many(&mut batch, BATCH_MAX) => if taken == 0 { return },
            () = closed.notified() => { waiting.close(); continue }
        }
        commit_together(&connection, batch.drain(..), &outbox).await;
    }
}

/// Jobs whose answer can't be given (no transaction could be begun) are dropped: their callers are told so.
async fn commit_together(
    connection: &DatabaseConnection,
    mut batch: impl ExactSizeIterator<Item = Job>,
    outbox: &Notify,
) {
    let outer = match begin_write(connection).await {
        Ok(begun) => Tx::new(begun),
        Err(error) => {
            tracing::error!(%error, "no write transaction could be begun");
            return;
        }
    };
    let facts = Arc::clone(&outer.facts);
    let mut replies = Vec::new();
    let committed = if batch.len() == 1
        && let Some(job) = batch.next()
    {
        // Alone it needs no savepoint: it commits the transaction itself, and tells how that went.
        replies.push(job(outer).await);
        Ok(())
    } else {
        for job in batch {
            match outer.savepoint().await {
                Ok(part) => replies.push(job(part).await),
                Err(error) => tracing::error!(%error, "no savepoint could be set"),
            }
        }
        outer.release().await.map_err(|error| error.to_string())
    };
    crash::point("command-after-commit");
    if committed.is_ok() && facts.load(Ordering::Relaxed) {
        outbox.notify_one();
    }
    for reply in replies {
        reply(committed.clone());
    }
}
