//! The registry of participants: look-up by BIN, search, import, former names. Knows nothing of applications.

mod app;
mod config;
mod demo;
mod domain;
mod grpc;
mod migrations;
mod store;

use std::{sync::Arc, time::Duration};

use chassis::{
    Context,
    server::{GATEWAY, MethodCallers},
    service::{Service, Wired},
    worker::Worker,
};
use proto::participants::v1::participants_server::ParticipantsServer;
use sea_orm_migration::MigrationTrait;

use app::sync::Syncer;

pub use app::by_hand::{Imported, import_file};
pub use config::Config;
pub use domain::codes::ALL as REFUSALS;

/// How often it is looked whether the register is to be fetched again.
const SYNC_LOOK: Duration = Duration::from_secs(5);

/// The context as the process runs it.
pub struct Participants;

#[async_trait::async_trait]
impl Service for Participants {
    const NAME: &'static str = "participants";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    const CALLERS: MethodCallers = &[("LookUpParticipant", &["applications", GATEWAY])];
    type Config = Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn start(context: Context, config: Config) -> anyhow::Result<Wired> {
        let sync = config.sync.clone();
        let ports = Arc::new(app::Ports::new(context, config));
        let mut workers = Vec::new();
        if !sync.url.is_empty() {
            let (syncer, own) = (Arc::new(Syncer::new(sync)?), Arc::clone(&ports));
            workers.push(Worker::new("sync", SYNC_LOOK, Arc::default(), move || {
                let (syncer, ports) = (Arc::clone(&syncer), Arc::clone(&own));
                async move { syncer.step(&ports).await }
            }));
        }
        Ok(Wired {
            register: Box::new(move |routes| {
                routes.add_service(ParticipantsServer::new(grpc::Grpc { ports: Arc::clone(&ports) }));
            }),
            readers: Vec::new(),
            workers,
        })
    }

    async fn load_demo(context: &Context, _config: &Config, _password: &str) -> anyhow::Result<()> {
        demo::load(context).await
    }
}
