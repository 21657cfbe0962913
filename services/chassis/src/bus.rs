//! The seam between outbox and inbox: what carries facts between services.

pub mod in_process;

use std::sync::Arc;

use kernel::Time;

use crate::{
    db::{Database, Tx},
    error::Error,
    inbox::Handler,
    outbox,
};

/// Takes facts from the relay. When `publish` returns, each row is the bus's to deliver: at least once, and
/// remembered across restarts.
#[async_trait::async_trait]
pub trait Bus: Send + Sync {
    /// Runs inside the relay's transaction on the producer's database; a bus elsewhere ignores `tx`.
    async fn publish(&self, tx: &Tx, rows: &[outbox::Model], now: Time) -> Result<(), Error>;
}

/// One durable reader of one producer's facts.
#[derive(Clone)]
pub struct Consumer {
    /// `<reader>-from-<producer>`, stable: it names the reader's memory.
    pub name: &'static str,
    pub producer: &'static str,
    /// Full names of the facts it acts on; others pass by.
    pub facts: &'static [&'static str],
    /// The reader's database, where inbox and effects commit together.
    pub db: Database,
    pub handler: Arc<dyn Handler>,
}
