//! Payer, invoices and their numbers, payment status and its confirmation. Knows no bank protocol: payments tells what
//! the bank itself said.

mod app;
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
    server::MethodCallers,
    service::{Reader, Service, Wired},
    worker::Worker,
};
use proto::billing::v1::billing_server::BillingServer;
use sea_orm_migration::MigrationTrait;
use tokio::sync::Notify;

pub use config::Config;
pub use domain::codes::ALL as REFUSALS;

/// The context as the process runs it.
pub struct Billing;

#[async_trait::async_trait]
impl Service for Billing {
    const NAME: &'static str = "billing";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    const CALLERS: MethodCallers = &[("ReserveInvoice", &["payments"]), ("HoldForCancellation", &["applications"])];
    const READS: &'static [&'static str] = &["applications", "payments", "booking"];
    type Config = Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn start(context: Context, config: Config) -> anyhow::Result<Wired> {
        let calendar = chassis::calendar::Calendar::open(&config.calendar_file)?;
        let receipts = &config.receipts;
        let limits = intake::Limits { pages: receipts.pages_max, pixels: receipts.megapixels_max * 1_000_000 };
        let intake = intake::Intake::new(limits, &receipts.scanner);
        let typesetter = tokio::sync::OnceCell::new();
        let ports = Arc::new(app::Ports { context, config, intake, calendar, typesetter });
        let ending = Arc::clone(&ports);
        let expire = Worker::new("expire", Duration::from_secs(300), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&ending);
            async move { app::expire::step(&ports).await }
        });
        let sweeping = Arc::clone(&ports);
        let sweep = Worker::new("sweep-receipts", Duration::from_secs(3600), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&sweeping);
            async move { app::upload_receipt::sweep(&ports).await }
        });
        let indexing = Arc::clone(&ports);
        let index = Worker::new("documents", Duration::from_secs(3600), Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&indexing);
            async move { app::documents::step(&ports).await }
        });
        let follow = ports.calendar.worker(&ports.context);
        let handler = Arc::new(events::Handler { ports: Arc::clone(&ports) });
        Ok(Wired {
            register: Box::new(move |routes| {
                routes.add_service(BillingServer::new(grpc::Grpc { ports: Arc::clone(&ports) }));
            }),
            readers: vec![
                Reader {
                    name: "billing-from-applications",
                    producer: "applications",
                    facts: events::FROM_APPLICATIONS,
                    handler: handler.clone(),
                },
                Reader {
                    name: "billing-from-payments",
                    producer: "payments",
                    facts: events::FROM_PAYMENTS,
                    handler: handler.clone(),
                },
                Reader { name: "billing-from-booking", producer: "booking", facts: events::FROM_BOOKING, handler },
            ],
            workers: vec![expire, sweep, index, follow],
        })
    }

    async fn load_demo(context: &Context, config: &Config, _password: &str) -> anyhow::Result<()> {
        demo::load(context, config).await
    }
}
