//! The seam between outbox and inbox: what carries facts between services.

pub mod in_process;
pub mod nats;

use std::sync::Arc;

use kernel::Time;

use crate::{
    clock::Sources,
    db::{Database, Tx},
    error::Error,
    inbox::Handler,
    outbox,
};

/// Where a fact stands after it was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The bus has it, and remembers it across restarts; a stream also tells where.
    Kept(Option<Place>),
    /// The bus did not take this one; it is offered again later.
    Refused(String),
}

/// A place in a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Tells a stream from another one of the same name that was made after it was lost.
    pub epoch: String,
    pub seq: i64,
}

/// Takes facts from the relay and delivers them at least once.
#[async_trait::async_trait]
pub trait Bus: Send + Sync {
    /// Run before the relay looks: a bus that may lose what it had finds out here, and lets it be published anew.
    async fn prepare(&self, db: &Database, sources: &Sources) -> Result<(), Error>;

    /// Runs inside the relay's transaction on the producer's database. Answers one standing a row; an error means that
    /// none was taken.
    async fn publish(&self, tx: &Tx, rows: &[outbox::Model], now: Time) -> Result<Vec<Standing>, Error>;

    /// Told after the relay's commit.
    fn published(&self);
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
