//! Idempotency keys, the audit log and counters.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "chassis_m0002_commands"
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
                    .table("idempotency")
                    .col(string("principal"))
                    .col(string("operation"))
                    .col(string("key"))
                    .col(binary("request_hash"))
                    .col(binary("answer"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col("principal").col("operation").col("key"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("idempotency_age").table("idempotency").col("created_at").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("audit")
                    .col(big_integer("seq").primary_key().auto_increment())
                    .col(big_integer("at"))
                    .col(string("actor"))
                    .col(string("action"))
                    .col(string("subject"))
                    .col(string("detail"))
                    .col(string("trace_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("audit_subject").table("audit").col("subject").col("seq").to_owned())
            .await?;
        manager
            .create_table(
                Table::create().table("counter").col(string("name").primary_key()).col(big_integer("value")).to_owned(),
            )
            .await
    }
}
