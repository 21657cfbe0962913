//! The tables that every service has: outbox, inbox, deliveries, idempotency, audit, counters and holidays.

mod m0001_messaging;
mod m0002_commands;
mod m0003_consumers;
mod m0004_streams;
mod m0005_settled;
mod m0006_holidays;

use sea_orm_migration::MigrationTrait;

/// The chassis' own migrations; each service's follow them.
pub fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_messaging::Migration),
        Box::new(m0002_commands::Migration),
        Box::new(m0003_consumers::Migration),
        Box::new(m0004_streams::Migration),
        Box::new(m0005_settled::Migration),
        Box::new(m0006_holidays::Migration),
    ]
}
