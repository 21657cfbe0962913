//! Attempts of which the end has been heard.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0003_ended_attempts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("ended_attempt")
            .col(string("attempt_id").primary_key())
            .col(big_integer("application_number"))
            .to_owned();
        manager.create_table(table).await
    }
}
