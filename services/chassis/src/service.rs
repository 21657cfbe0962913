//! What a bounded context is to the process that runs it, and the host that runs several side by side.

mod host;
mod process;
mod readers;
mod settled;

use std::sync::Arc;

use sea_orm_migration::MigrationTrait;
use serde::de::DeserializeOwned;

pub use host::{Host, HostSettings};
pub use process::{Process, ProcessOptions, migrate, run, serve, settings};

use crate::{
    config::Validate,
    context::Context,
    inbox::Handler,
    server::{MethodCallers, Register},
    worker::Worker,
};

/// One bounded context.
#[async_trait::async_trait]
pub trait Service: 'static {
    /// Name of the context, its configuration section and its database.
    const NAME: &'static str;
    /// Annotated default settings.
    const DEFAULTS: &'static str;
    /// Contexts whose facts it reads; it may subscribe to no others.
    const READS: &'static [&'static str] = &[];
    /// Methods that services may call, with the names of those services (and of the gateway, where the edge may too). All
    /// other methods are the edge's: the gateway's and those of programs with a certificate of their own.
    const CALLERS: MethodCallers = &[];
    type Config: DeserializeOwned + Validate + Send + Sync;

    fn migrations() -> Vec<Box<dyn MigrationTrait>>;

    /// Wires the service. Nothing is served and no worker runs before all services are wired.
    async fn start(context: Context, config: Self::Config) -> anyhow::Result<Wired>;

    /// Writes the demo's rows, once. `password` is that of all demo accounts.
    async fn load_demo(_context: &Context, _config: &Self::Config, _password: &str) -> anyhow::Result<()> {
        Ok(())
    }
}

/// A wired service.
pub struct Wired {
    pub register: Register,
    pub readers: Vec<Reader>,
    pub workers: Vec<Worker>,
}

/// One durable reader of another context's facts.
pub struct Reader {
    /// `<this>-from-<producer>`.
    pub name: &'static str,
    pub producer: &'static str,
    /// Full names of the facts it acts on.
    pub facts: &'static [&'static str],
    pub handler: Arc<dyn Handler>,
}
