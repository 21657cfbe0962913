//! Persons and payers that an applicant keeps for later applications; each sealed whole. They go with their account.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0005_saved_answers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("saved_answers")
            .col(string("id").primary_key())
            .col(string("account_id"))
            .col(string("kind"))
            .col(binary("values_sealed"))
            .col(big_integer("saved_at"))
            .col(big_integer("version"))
            .foreign_key(
                ForeignKey::create()
                    .from("saved_answers", "account_id")
                    .to("account", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(table).await?;
        let index = Index::create()
            .name("saved_answers_account")
            .table("saved_answers")
            .col("account_id")
            .col("kind")
            .to_owned();
        manager.create_index(index).await
    }
}
