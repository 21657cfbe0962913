//! Catalogue and forms, applications, persons, documents, review, the case's life. Knows nothing of invoices, banks
//! or slots: it tells what is to be paid and awaited, and hears what came of it.

mod app;
mod catalogue;
mod config;
mod demo;
mod domain;
mod events;
mod grpc;
mod migrations;
mod queries;
mod store;

use std::{sync::Arc, time::Duration};

use chassis::{
    Context,
    service::{Reader, Service, Wired},
    worker::Worker,
};
use proto::applications::v1::applications_server::ApplicationsServer;
use sea_orm_migration::MigrationTrait;
use tokio::sync::Notify;

pub use app::approve::papers_digest;
pub use config::Config;
pub use domain::{codes::ALL as REFUSALS, frozen};

/// The statement of a staff's search. For measuring, and for looking at how a database means to answer it.
pub fn search_statement(
    backend: sea_orm::DbBackend,
    text: &str,
    sealer: &chassis::seal::Sealer,
    actor: &kernel::Actor,
) -> Option<sea_orm::Statement> {
    queries::search_statement(backend, text, sealer, actor)
}

/// Legal moves of an application's state: from, to. For checking stored histories.
pub fn state_edges() -> Vec<(&'static str, &'static str)> {
    domain::state::MOVES.iter().map(|(from, _, to)| (from.code(), to.code())).collect()
}

/// What another process has published is seen after this long at most.
const CATALOGUE_READ_EVERY: Duration = Duration::from_secs(5);

/// The context as the process runs it.
pub struct Applications;

#[async_trait::async_trait]
impl Service for Applications {
    const NAME: &'static str = "applications";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    const READS: &'static [&'static str] = &["billing", "booking"];
    type Config = Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn start(context: Context, config: Config) -> anyhow::Result<Wired> {
        let ports = Arc::new(app::Ports::new(context, config).await?);
        let reading = Arc::clone(&ports);
        let refresh = Worker::new("read-catalogue", CATALOGUE_READ_EVERY, Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&reading);
            async move { ports.shelf.refresh(&ports.context).await }
        });
        let sweeping = Arc::clone(&ports);
        let sweep = Worker::new("sweep-uploads", Duration::from_secs(3600), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&sweeping);
            async move { app::upload_document::sweep(&ports).await }
        });
        let erasing = Arc::clone(&ports);
        let erase = Worker::new("erase-ended", Duration::from_secs(3600), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&erasing);
            async move { app::erase::step(&ports).await }
        });
        let ending = Arc::clone(&ports);
        let terms = Worker::new("terms", Duration::from_secs(600), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&ending);
            async move { app::terms::step(&ports).await }
        });
        let follow = ports.calendar.worker(&ports.context);
        let handler = Arc::new(events::Handler { ports: Arc::clone(&ports) });
        Ok(Wired {
            register: Box::new(move |routes| {
                routes.add_service(ApplicationsServer::new(grpc::Grpc { ports: Arc::clone(&ports) }));
            }),
            readers: vec![
                Reader {
                    name: "applications-from-billing",
                    producer: "billing",
                    facts: events::FROM_BILLING,
                    handler: handler.clone(),
                },
                Reader { name: "applications-from-booking", producer: "booking", facts: events::FROM_BOOKING, handler },
            ],
            workers: vec![sweep, refresh, erase, terms, follow],
        })
    }

    async fn load_demo(context: &Context, config: &Config, _password: &str) -> anyhow::Result<()> {
        demo::load(context, config).await
    }
}
