//! What applicant and centre write to each other on a case, and the staff's notes. Texts stand sealed.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0005_thread"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let thread = Table::create()
            .table("thread")
            .col(big_integer("number").primary_key())
            .col(integer("messages"))
            .col(integer("notes"))
            .col(integer("unread_by_applicant"))
            .col(integer("unread_by_staff"))
            .to_owned();
        let message = Table::create()
            .table("message")
            .col(big_integer("number"))
            .col(integer("ordinal"))
            .col(big_integer("at"))
            .col(boolean("by_staff"))
            .col(string("author"))
            .col(binary("text_sealed"))
            .primary_key(Index::create().col("number").col("ordinal"))
            .to_owned();
        let note = Table::create()
            .table("note")
            .col(big_integer("number"))
            .col(integer("ordinal"))
            .col(big_integer("at"))
            .col(string("author"))
            .col(binary("text_sealed"))
            .primary_key(Index::create().col("number").col("ordinal"))
            .to_owned();
        for table in [thread, message, note] {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}
