//! Work that waits in a table: a worker takes one step after another while there is some, then sleeps until it is
//! woken or its period is over. A step is public, so that a test may take it by itself.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use tokio::sync::Notify;

use crate::{clock::Sources, error::Error, lifecycle::Lifecycle, telemetry::metrics};

type Step = Arc<dyn Fn() -> BoxFuture<'static, Result<u64, Error>> + Send + Sync>;

/// After a fault a worker rests this long before it tries again.
const REST: Duration = Duration::from_secs(2);
/// Of failures in a row, the first and each so many-th is told in the log.
const TOLD_EVERY: u32 = 30;

#[derive(Clone)]
pub struct Worker {
    name: &'static str,
    period: Duration,
    wake: Arc<Notify>,
    step: Step,
}

/// A step's work, piece by piece; each tells whether it did anything. A piece that fails keeps no other waiting, and is
/// told at the end. Where somebody else was at the same row, the next step looks again.
pub async fn each<T, Fut>(pieces: impl IntoIterator<Item = T>, work: impl Fn(T) -> Fut) -> Result<u64, Error>
where
    Fut: Future<Output = Result<bool, Error>>,
{
    let (mut done, mut failed) = (0, None);
    for piece in pieces {
        match work(piece).await {
            Ok(did) => done += u64::from(did),
            Err(Error::VersionConflict) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(done),
    }
}

impl Worker {
    /// `step` tells how much it did; 0 lets the worker rest.
    pub fn new<F, Fut>(name: &'static str, period: Duration, wake: Arc<Notify>, step: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<u64, Error>> + Send + 'static,
    {
        Self { name, period, wake, step: Arc::new(move || Box::pin(step())) }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// One step, taken by hand.
    pub async fn step(&self) -> Result<u64, Error> {
        (self.step)().await
    }

    /// Starts it; it ends with the process, between two steps.
    pub fn start(self, lifecycle: &Lifecycle, sources: &Sources) {
        let (stop, sources) = (lifecycle.stopping(), sources.clone());
        lifecycle.spawn(async move {
            let mut failed: u32 = 0;
            while !stop.is_cancelled() {
                let rest = match self.step().await {
                    Ok(done) => {
                        if std::mem::take(&mut failed) > 0 {
                            tracing::info!(worker = self.name, "its steps succeed again");
                        }
                        if done > 0 {
                            continue;
                        }
                        sources.jittered(self.period)
                    }
                    Err(error) => {
                        if failed.is_multiple_of(TOLD_EVERY) {
                            tracing::warn!(worker = self.name, %error, "a step failed and will be taken again");
                        }
                        metrics::step_failed(self.name);
                        failed = failed.saturating_add(1);
                        sources.jittered(REST)
                    }
                };
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = self.wake.notified() => {}
                    () = tokio::time::sleep(rest) => {}
                }
            }
        });
    }
}
