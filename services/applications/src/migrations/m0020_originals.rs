//! Which originals the centre was given, paper by paper.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0020_originals"
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
                    .table("original")
                    .col(big_integer("number"))
                    .col(string("person_item_id"))
                    .col(string("code"))
                    .col(string("actor"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("number").col("person_item_id").col("code"))
                    .to_owned(),
            )
            .await
    }
}
