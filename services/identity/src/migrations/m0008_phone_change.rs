//! Phones that wait for their code.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, binary_null, integer, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0008_phone_change"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("phone_change")
            .col(string("account_id").primary_key())
            .col(string("letter_id"))
            .col(binary("phone_sealed"))
            .col(big_integer("expires_at"))
            .col(integer("failures"))
            .col(binary_null("code_hash"))
            .to_owned();
        manager.create_table(table).await?;
        let index = Index::create().name("phone_change_letter").table("phone_change").col("letter_id").to_owned();
        manager.create_index(index).await
    }
}
