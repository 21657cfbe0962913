//! Papers kept with an account: a file's name and key stand sealed. A row outlives its account's closing until its file is
//! swept, so an account is not erased before.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0007_account_document"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("account_document")
            .col(string("id").primary_key())
            .col(string("account_id"))
            .col(string("code"))
            .col(binary("file_name_sealed"))
            .col(string("media_type"))
            .col(big_integer("size_bytes"))
            .col(binary("sha256"))
            .col(binary("key_sealed"))
            .col(string("state"))
            .col(big_integer("uploaded_at"))
            .foreign_key(ForeignKey::create().from("account_document", "account_id").to("account", "id"))
            .to_owned();
        manager.create_table(table).await?;
        for (name, column) in [("account_document_account", "account_id"), ("account_document_state", "state")] {
            manager.create_index(Index::create().name(name).table("account_document").col(column).to_owned()).await?;
        }
        Ok(())
    }
}
