//! Texts of messages that were written here, and which one a message was made with.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "notifications_m0003_texts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("text_version")
                    .col(string("kind"))
                    .col(integer("version"))
                    .col(string("state"))
                    .col(string("from_date"))
                    .col(text("texts"))
                    .col(string("written_by"))
                    .col(big_integer("written_at"))
                    .col(string("published_by"))
                    .col(big_integer("published_at"))
                    .col(text("reason"))
                    .primary_key(Index::create().col("kind").col("version"))
                    .to_owned(),
            )
            .await?;
        let version = integer("text_version").default(0).to_owned();
        manager.alter_table(Table::alter().table("message").add_column(version).to_owned()).await
    }
}
