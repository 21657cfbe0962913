//! Consents for the persons on applications, one for each submission.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0011_consent"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("consent")
            .col(big_integer("number"))
            .col(big_integer("version"))
            .col(big_integer("given_at"))
            .col(string("purpose"))
            .col(integer("text_version"))
            .col(string("account"))
            .col(string("client_masked"))
            .col(integer("term_days"))
            .col(boolean("at_desk"))
            .primary_key(Index::create().col("number").col("version"))
            .to_owned();
        manager.create_table(table).await
    }
}
