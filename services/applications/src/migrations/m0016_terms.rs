//! Until when the present step of a case should be done, and what of it was told.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0016_terms"
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
                    .table("term")
                    .col(big_integer("number").primary_key())
                    .col(string("state"))
                    .col(big_integer("since"))
                    .col(big_integer_null("due_at"))
                    .col(small_integer("told"))
                    .col(big_integer("notices"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("term_due").table("term").col("due_at").to_owned()).await
    }
}
