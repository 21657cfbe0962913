//! The office's hours, days of their own and holidays, as versions; and visits that must get another time.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "booking_m0003_office"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let edition = Table::create()
            .table("office_edition")
            .col(big_integer("version").primary_key())
            .col(string("part"))
            .col(string("from_date"))
            .col(text("body"))
            .col(text("note"))
            .col(big_integer("at"))
            .col(string("by"))
            .to_owned();
        manager.create_table(edition).await?;
        let displaced = Table::alter().table("appointment").add_column(big_integer_null("displaced_at")).to_owned();
        manager.alter_table(displaced).await
    }
}
