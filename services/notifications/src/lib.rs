//! Messages in the portal and by e-mail: hears the other contexts' facts and tells people. Knows no address by itself:
//! identity is asked for it, and for the language, at the time of sending.

mod app;
mod config;
mod domain;
mod events;
mod grpc;
mod mail;
mod migrations;
mod sms;
mod store;
mod texts;

use std::{sync::Arc, time::Duration};

use chassis::{
    Context,
    service::{Reader, Service, Wired},
    worker::Worker,
};
use proto::notifications::v1::notifications_server::NotificationsServer;
use sea_orm_migration::MigrationTrait;

pub use config::Config;
pub use domain::codes::ALL as REFUSALS;

/// The context as the process runs it.
pub struct Notifications;

#[async_trait::async_trait]
impl Service for Notifications {
    const NAME: &'static str = "notifications";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    const READS: &'static [&'static str] = &["identity", "applications", "billing", "payments", "booking"];
    type Config = Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn start(context: Context, config: Config) -> anyhow::Result<Wired> {
        let ports = Arc::new(app::Ports::new(context, config)?);
        let period = Duration::from_secs(ports.config.period_seconds);
        let sending = Arc::clone(&ports);
        let send = Worker::new("send-messages", period, Arc::clone(&ports.wake), move || {
            let ports = Arc::clone(&sending);
            async move { app::send::step(&ports).await }
        });
        let digesting = Arc::clone(&ports);
        let digest = Worker::new("staff-digest", Duration::from_mins(5), Arc::default(), move || {
            let ports = Arc::clone(&digesting);
            async move { app::digest::step(&ports).await }
        });
        let measure = app::measure::worker(&ports);
        let follow = ports.calendar.worker(&ports.context);
        let handler = Arc::new(events::Handler { ports: Arc::clone(&ports) });
        let readers = events::READERS
            .iter()
            .map(|(name, producer, facts)| Reader { name, producer, facts, handler: handler.clone() })
            .collect();
        Ok(Wired {
            register: Box::new(move |routes| {
                routes.add_service(NotificationsServer::new(grpc::Grpc { ports: Arc::clone(&ports) }));
            }),
            readers,
            workers: [send, digest, follow].into_iter().chain(measure).collect(),
        })
    }
}
