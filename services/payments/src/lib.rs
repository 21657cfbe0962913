//! The bank: attempts, its page, callbacks, status inquiries, mismatches. Knows nothing of applications but their
//! numbers, and decides about money by nothing but the bank's own status.

mod app;
mod bank;
mod config;
mod domain;
mod events;
mod grpc;
mod migrations;
mod store;

use std::{sync::Arc, time::Duration};

use chassis::{
    Context,
    service::{Reader, Service, Wired},
    worker::Worker,
};
use proto::payments::v1::payments_server::PaymentsServer;
use sea_orm_migration::MigrationTrait;

pub use bank::{BankBody, BankCall, BankReply, BankWay, Unreached};
pub use config::Config;
pub use domain::codes::ALL as REFUSALS;

/// Legal moves of an attempt's state: from, to. For checking stored histories.
pub fn state_edges() -> Vec<(&'static str, &'static str)> {
    domain::state::MOVES.iter().map(|(from, _, to)| (from.code(), to.code())).collect()
}

/// The context as the process runs it.
pub struct Payments;

#[async_trait::async_trait]
impl Service for Payments {
    const NAME: &'static str = "payments";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    const READS: &'static [&'static str] = &["billing"];
    type Config = Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn start(context: Context, config: Config) -> anyhow::Result<Wired> {
        let way = bank::Http::new(config.call_time())?;
        Ok(Self::start_over(context, config, Arc::new(way)))
    }
}

impl Payments {
    /// Wires the service over another way to the bank than HTTP.
    pub fn start_over(context: Context, config: Config, way: Arc<dyn BankWay>) -> Wired {
        let ports = Arc::new(app::Ports::new(context, config, way));
        let period = Duration::from_secs(ports.config.inquiry.period_seconds);
        let inquiring = Arc::clone(&ports);
        let inquire = Worker::new("inquire", period, Arc::clone(&ports.wake), move || {
            let ports = Arc::clone(&inquiring);
            async move { app::inquire::step(&ports).await }
        });
        let refunding = Arc::clone(&ports);
        let refund = Worker::new("refund", period, Arc::default(), move || {
            let ports = Arc::clone(&refunding);
            async move { app::refund::step(&ports).await }
        });
        let measure = app::measure::worker(&ports);
        let handler = Arc::new(events::Handler { ports: Arc::clone(&ports) });
        Wired {
            register: Box::new(move |routes| {
                routes.add_service(PaymentsServer::new(grpc::Grpc { ports: Arc::clone(&ports) }));
            }),
            readers: vec![Reader {
                name: "payments-from-billing",
                producer: "billing",
                facts: events::FROM_BILLING,
                handler,
            }],
            workers: [inquire, refund].into_iter().chain(measure).collect(),
        }
    }
}
