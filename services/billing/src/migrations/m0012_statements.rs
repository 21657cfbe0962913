//! Statements of the centre's account, line by line. Who sent and what for stand sealed.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0012_statements"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("statement_line")
            .col(string("id").primary_key())
            .col(string("line_key").unique_key())
            .col(integer("place"))
            .col(string("booked_on"))
            .col(string("reference"))
            .col(string("direction"))
            .col(big_integer("amount"))
            .col(binary("sender_sealed"))
            .col(binary("purpose_sealed"))
            .col(big_integer_null("application_number"))
            .col(string("matched"))
            .col(string("imported_by"))
            .col(big_integer("imported_at"))
            .to_owned();
        manager.create_table(table).await?;
        let days = Index::create().name("statement_line_day").table("statement_line").col("booked_on").to_owned();
        manager.create_index(days).await?;
        let reference = Index::create().name("evidence_reference").table("evidence").col("reference").to_owned();
        manager.create_index(reference).await
    }
}
