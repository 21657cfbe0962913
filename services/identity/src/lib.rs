//! Accounts, sign-in, sessions, roles, service accounts and signing keys. Knows nothing of applications or money.

mod app;
mod config;
pub mod demo;
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
use proto::identity::v1::identity_server::IdentityServer;
use sea_orm_migration::MigrationTrait;
use tokio::sync::Notify;

pub use app::invitation::first_admin;
pub use config::Config;
pub use domain::codes::ALL as REFUSALS;

/// Every other service: each verifies tokens, calls in its own name, and asks whether staff are still enabled.
const OTHERS: [&str; 6] = ["applications", "participants", "billing", "payments", "booking", "notifications"];
const OTHERS_AND_EDGE: [&str; 7] =
    ["applications", "participants", "billing", "payments", "booking", "notifications", GATEWAY];

/// The context as the process runs it.
pub struct Identity;

#[async_trait::async_trait]
impl Service for Identity {
    const NAME: &'static str = "identity";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    const CALLERS: MethodCallers = &[
        ("CreateSystemToken", &OTHERS),
        ("GetKeys", &OTHERS_AND_EDGE),
        ("GetAccount", &OTHERS_AND_EDGE),
        ("GetContact", &["notifications"]),
        ("ListStaffContacts", &["notifications"]),
        ("PrepareLetter", &["notifications"]),
        ("ListColleagues", &["applications", GATEWAY]),
        ("FindClient", &["applications", GATEWAY]),
    ];
    type Config = Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn start(context: Context, config: Config) -> anyhow::Result<Wired> {
        let ports = Arc::new(app::Ports::new(context.clone(), config)?);
        ports.signing.ensure(&context).await?;
        let rotating = Arc::clone(&ports);
        let rotate =
            Worker::new("rotate-signing-keys", Duration::from_secs(3600), Arc::new(Notify::new()), move || {
                let ports = Arc::clone(&rotating);
                async move { ports.signing.ensure(&ports.context).await }
            });
        let answering = Arc::clone(&ports);
        let answer = Worker::new("answer-reset-requests", Duration::from_secs(2), Arc::clone(&ports.wake), move || {
            let ports = Arc::clone(&answering);
            async move { app::reset_password::answer(&ports).await }
        });
        let forgetting = Arc::clone(&ports);
        let forget = Worker::new("forget-what-is-old", Duration::from_hours(1), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&forgetting);
            async move { app::forget::step(&ports).await }
        });
        let erasing = Arc::clone(&ports);
        let erase = Worker::new("erase-closed-accounts", Duration::from_hours(1), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&erasing);
            async move { app::erase_closed::step(&ports).await }
        });
        let sweeping = Arc::clone(&ports);
        let sweep =
            Worker::new("sweep-account-documents", Duration::from_hours(1), Arc::new(Notify::new()), move || {
                let ports = Arc::clone(&sweeping);
                async move { app::account_documents::sweep(&ports).await }
            });
        Ok(Wired {
            register: Box::new(move |routes| {
                routes.add_service(IdentityServer::new(grpc::Grpc { ports: Arc::clone(&ports) }));
            }),
            readers: Vec::new(),
            workers: vec![rotate, answer, forget, erase, sweep],
        })
    }

    async fn load_demo(context: &Context, config: &Config, password: &str) -> anyhow::Result<()> {
        demo::load(context, config, password).await
    }
}
