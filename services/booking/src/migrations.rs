//! booking's schema, one change a file.

mod m0001_appointments;
mod m0002_changes;
mod m0003_office;
mod m0004_queue;
mod m0005_visit_rules;
mod m0006_offices;
mod m0007_served;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_appointments::Migration),
        Box::new(m0002_changes::Migration),
        Box::new(m0003_office::Migration),
        Box::new(m0004_queue::Migration),
        Box::new(m0005_visit_rules::Migration),
        Box::new(m0006_offices::Migration),
        Box::new(m0007_served::Migration),
    ]
}
