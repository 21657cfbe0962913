//! payments' schema, one change a file.

mod m0001_payments;
mod m0002_refunds;
mod m0003_holds;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m0001_payments::Migration), Box::new(m0002_refunds::Migration), Box::new(m0003_holds::Migration)]
}
