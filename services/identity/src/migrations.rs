//! identity's schema, one change a file.

mod m0001_accounts;
mod m0002_letters;
mod m0003_whereabouts;
mod m0004_known_client;
mod m0005_saved_answers;
mod m0006_closed;
mod m0007_account_document;
mod m0008_phone_change;
mod m0010_consent;
mod m0011_team;

use sea_orm_migration::MigrationTrait;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m0001_accounts::Migration),
        Box::new(m0002_letters::Migration),
        Box::new(m0003_whereabouts::Migration),
        Box::new(m0004_known_client::Migration),
        Box::new(m0005_saved_answers::Migration),
        Box::new(m0006_closed::Migration),
        Box::new(m0007_account_document::Migration),
        Box::new(m0008_phone_change::Migration),
        Box::new(m0010_consent::Migration),
        Box::new(m0011_team::Migration),
    ]
}
