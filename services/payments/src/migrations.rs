//! payments' schema, one change a file.

mod m0001_payments;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m0001_payments::Migration)]
}
