//! The registry of participants: look-up by BIN, search, import, former names. Knows nothing of applications.

mod app;
mod config;
mod demo;
mod domain;
mod grpc;
mod migrations;
mod store;

use std::sync::Arc;

use chassis::{
    Context,
    server::{GATEWAY, MethodCallers},
    service::{Service, Wired},
};
use proto::participants::v1::participants_server::ParticipantsServer;
use sea_orm_migration::MigrationTrait;

pub use config::Config;
pub use domain::codes::ALL as REFUSALS;

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
        let ports = Arc::new(app::Ports::new(context, config));
        Ok(Wired {
            register: Box::new(move |routes| {
                routes.add_service(ParticipantsServer::new(grpc::Grpc { ports: Arc::clone(&ports) }));
            }),
            readers: Vec::new(),
            workers: Vec::new(),
        })
    }

    async fn load_demo(context: &Context, _config: &Config, _password: &str) -> anyhow::Result<()> {
        demo::load(context).await
    }
}
