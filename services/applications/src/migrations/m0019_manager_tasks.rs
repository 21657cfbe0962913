//! What personal managers do for the lines that have one, and who they are.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0019_manager_tasks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let task = Table::create()
            .table("manager_task")
            .col(big_integer("number"))
            .col(string("line_id"))
            .col(string("task"))
            .col(string("due_on"))
            .col(string("done_on"))
            .primary_key(Index::create().col("number").col("line_id").col("task"))
            .to_owned();
        manager.create_table(task).await?;
        let who = Table::create()
            .table("personal_manager")
            .col(big_integer("number").primary_key())
            .col(string("account_id"))
            .col(string("name"))
            .to_owned();
        manager.create_table(who).await
    }
}
