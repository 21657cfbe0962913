//! billing's schema, one change a file.

mod m0001_billables;
mod m0002_cancelled_applications;
mod m0003_ledger;
mod m0004_receipts;
mod m0005_refunds;
mod m0010_expiry;
mod m0011_refund_parts;
mod m0012_statements;
mod m0013_documents;
mod m0014_settings;
mod m0015_order_number;
mod m0016_ledger_application;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_billables::Migration),
        Box::new(m0002_cancelled_applications::Migration),
        Box::new(m0003_ledger::Migration),
        Box::new(m0004_receipts::Migration),
        Box::new(m0005_refunds::Migration),
        Box::new(m0010_expiry::Migration),
        Box::new(m0011_refund_parts::Migration),
        Box::new(m0012_statements::Migration),
        Box::new(m0013_documents::Migration),
        Box::new(m0014_settings::Migration),
        Box::new(m0015_order_number::Migration),
        Box::new(m0016_ledger_application::Migration),
    ]
}
