//! Consents of accounts' owners.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0010_consent"
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
            .col(string("id").primary_key())
            .col(string("account_id"))
            .col(string("purpose"))
            .col(integer("text_version"))
            .col(big_integer("given_at"))
            .col(string("client_masked"))
            .col(integer("term_days"))
            .col(string("recorded_by"))
            .col(big_integer_null("withdrawn_at"))
            .to_owned();
        manager.create_table(table).await?;
        let index = Index::create().name("consent_account").table("consent").col("account_id").to_owned();
        manager.create_index(index).await
    }
}
