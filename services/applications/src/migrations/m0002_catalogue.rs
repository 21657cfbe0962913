//! The catalogue's editions; a line's edition of its service, and its answers where a form is for the line.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0002_catalogue"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        for column in [integer("service_version").default(1).to_owned(), binary_null("answers_sealed").to_owned()] {
            manager.alter_table(Table::alter().table("line").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("edition")
                    .col(big_integer("seq").primary_key().auto_increment())
                    .col(string("kind"))
                    .col(string("code"))
                    .col(integer("version"))
                    .col(string("from_date"))
                    .col(text("body"))
                    .col(string("state"))
                    .col(text("reason"))
                    .col(string("proposed_by"))
                    .col(big_integer("proposed_at"))
                    .col(string("decided_by"))
                    .col(big_integer_null("decided_at"))
                    .col(text("decision_reason"))
                    .to_owned(),
            )
            .await?;
        let mut unique = Index::create().name("edition_version").table("edition").unique().to_owned();
        manager.create_index(unique.col("kind").col("code").col("version").to_owned()).await?;
        manager
            .create_index(Index::create().name("edition_state").table("edition").col("state").col("seq").to_owned())
            .await
    }
}
