//! Starting tasks that are waited for, and stopping in order.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Tasks of a process and the words that end them. Cheap to clone.
#[derive(Clone, Default)]
pub struct Lifecycle {
    stopping: CancellationToken,
    closing: CancellationToken,
    tasks: TaskTracker,
}

/// What is still at work when a stop is asked for has this long to end.
const GRACE: Duration = Duration::from_secs(25);

impl Lifecycle {
    /// Cancelled when the process is to stop: it is no longer ready, and takes up no work of its own.
    pub fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Cancelled a while later: servers accept no more and finish what they have.
    pub fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// Runs a task that the stop waits for.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// Tells all tasks to stop, gives callers `drain` to look elsewhere, and waits for what is at work; tells whether
    /// all ended in time.
    pub async fn stop(&self, drain: Duration) -> bool {
        self.stopping.cancel();
        tokio::time::sleep(drain).await;
        self.closing.cancel();
        self.tasks.close();
        tokio::time::timeout(GRACE, self.tasks.wait()).await.is_ok()
    }
}

/// Ctrl-C and SIGTERM, heard from the moment this is made.
pub struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns when one of them has come.
    pub async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
