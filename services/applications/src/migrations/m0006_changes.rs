//! What an application said when it was returned, and what its applicant says to the marks. Both stand sealed.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0006_changes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let returned = Table::create()
            .table("returned")
            .col(big_integer("number").primary_key())
            .col(big_integer("at"))
            .col(binary("answers_sealed"))
            .col(binary_null("marks_sealed"))
            .to_owned();
        let reply = Table::create()
            .table("mark_reply")
            .col(big_integer("number"))
            .col(string("field"))
            .col(binary("text_sealed"))
            .primary_key(Index::create().col("number").col("field"))
            .to_owned();
        manager.create_table(returned).await?;
        manager.create_table(reply).await
    }
}
