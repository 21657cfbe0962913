//! notifications' schema, one change a file.

mod m0001_messages;
mod m0002_trace;
mod m0003_texts;
mod m0004_ledger;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_messages::Migration),
        Box::new(m0002_trace::Migration),
        Box::new(m0003_texts::Migration),
        Box::new(m0004_ledger::Migration),
    ]
}
