//! participants' schema, one change a file.

mod m0001_participants;
mod m0002_history;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m0001_participants::Migration), Box::new(m0002_history::Migration)]
}
