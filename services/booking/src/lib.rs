//! Offices, opening hours, slots, appointments and the day sheet. Knows of an application only that it may book, for
//! which person items, and whose it is.

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

use anyhow::Context as _;
use chassis::{
    Context,
    command::Grouped,
    service::{Reader, Service, Wired},
    worker::Worker,
};
use kernel::WorkingCalendar;
use proto::booking::v1::booking_server::BookingServer;
use sea_orm_migration::MigrationTrait;
use tokio::sync::Notify;

pub use config::Config;
pub use domain::codes::ALL as REFUSALS;

const LAPSE_EVERY: Duration = Duration::from_secs(20);
const REMIND_EVERY: Duration = Duration::from_mins(5);
const DISPLACE_EVERY: Duration = Duration::from_mins(1);

/// The context as the process runs it.
pub struct Booking;

#[async_trait::async_trait]
impl Service for Booking {
    const NAME: &'static str = "booking";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    const READS: &'static [&'static str] = &["applications"];
    type Config = Config;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    async fn start(context: Context, config: Config) -> anyhow::Result<Wired> {
        let holidays = if config.calendar_file.is_empty() {
            kernel::calendar::KZ.to_owned()
        } else {
            std::fs::read_to_string(&config.calendar_file)
                .with_context(|| format!("booking.calendar_file: {}", config.calendar_file))?
        };
        let calendar = WorkingCalendar::parse(&holidays).map_err(|error| anyhow::anyhow!("the calendar: {error}"))?;
        let shelf = app::office::Shelf::new(&config, &calendar);
        let rehoused = Arc::new(Notify::new());
        let ports = Arc::new(app::Ports { context, config, calendar, holidays, shelf, rehoused });
        let displacing = Arc::clone(&ports);
        let displace = Worker::new("displace-visits", DISPLACE_EVERY, Arc::clone(&ports.rehoused), move || {
            let ports = Arc::clone(&displacing);
            async move { app::displace::step(&ports).await }
        });
        let lapsing = Arc::clone(&ports);
        let lapse = Worker::new("lapse-holds", LAPSE_EVERY, Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&lapsing);
            async move { app::lapse_holds::step(&ports).await }
        });
        let reminding = Arc::clone(&ports);
        let remind = Worker::new("remind-visitors", REMIND_EVERY, Arc::new(Notify::new()), move || {
            let ports = Arc::clone(&reminding);
            async move { app::remind::step(&ports).await }
        });
        let measure = app::measure::worker(&ports);
        let handler = Arc::new(events::Handler { ports: Arc::clone(&ports) });
        let group = app::book_appointments::BookAppointments { ports: Arc::clone(&ports) };
        let booked = Arc::new(Grouped::start(&ports.context, group));
        Ok(Wired {
            register: Box::new(move |routes| {
                let (ports, booked) = (Arc::clone(&ports), Arc::clone(&booked));
                routes.add_service(BookingServer::new(grpc::Grpc { ports, booked }));
            }),
            readers: vec![Reader {
                name: "booking-from-applications",
                producer: "applications",
                facts: events::FROM_APPLICATIONS,
                handler,
            }],
            workers: [lapse, remind, displace].into_iter().chain(measure).collect(),
        })
    }

    async fn load_demo(context: &Context, _config: &Config, _password: &str) -> anyhow::Result<()> {
        demo::load(context).await
    }
}
