//! notifications' schema, one change a file.

mod m0001_messages;
mod m0002_trace;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m0001_messages::Migration), Box::new(m0002_trace::Migration)]
}
