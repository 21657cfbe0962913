//! Licence, activities, address; what changed when and because of what; imports.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, text},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "participants_m0002_history"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        for column in [
            string("licence_number").default(""),
            text("activities").default("[]"),
            text("address").default(""),
            string("status_since").default(""),
        ] {
            manager.alter_table(Table::alter().table("participant").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("participant_version")
                    .col(string("bin"))
                    .col(big_integer("version"))
                    .col(big_integer("at"))
                    .col(string("actor"))
                    .col(text("source"))
                    .col(text("changes"))
                    .primary_key(Index::create().col("bin").col("version"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("import")
                    .col(string("id").primary_key())
                    .col(big_integer("at"))
                    .col(string("actor"))
                    .col(text("source"))
                    .col(integer("added"))
                    .col(integer("changed"))
                    .col(integer("unchanged"))
                    .col(string("outcome"))
                    .col(string("digest"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("import_at").table("import").col("at").to_owned()).await
    }
}
