//! applications' schema, one change a file.

mod m0001_applications;
mod m0002_catalogue;
mod m0003_assignment;
mod m0004_search;
mod m0005_thread;
mod m0006_changes;
mod m0007_retention;
mod m0008_invoice_numbers;
mod m0010_desk;
mod m0011_consent;
mod m0012_frozen_papers;
mod m0013_abandoned;
mod m0014_reads;
mod m0015_reminded;
mod m0016_terms;
mod m0017_dispatch;
mod m0018_hand_out;
mod m0019_manager_tasks;
mod m0020_originals;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_applications::Migration),
        Box::new(m0002_catalogue::Migration),
        Box::new(m0003_assignment::Migration),
        Box::new(m0004_search::Migration),
        Box::new(m0005_thread::Migration),
        Box::new(m0006_changes::Migration),
        Box::new(m0007_retention::Migration),
        Box::new(m0008_invoice_numbers::Migration),
        Box::new(m0010_desk::Migration),
        Box::new(m0011_consent::Migration),
        Box::new(m0012_frozen_papers::Migration),
        Box::new(m0013_abandoned::Migration),
        Box::new(m0014_reads::Migration),
        Box::new(m0015_reminded::Migration),
        Box::new(m0016_terms::Migration),
        Box::new(m0017_dispatch::Migration),
        Box::new(m0018_hand_out::Migration),
        Box::new(m0019_manager_tasks::Migration),
        Box::new(m0020_originals::Migration),
    ]
}
