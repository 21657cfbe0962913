//! A message keeps the trace of the fact that asked for it, so that its sending can link to that.

use sea_orm_migration::{prelude::*, schema::string};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "notifications_m0002_trace"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string("traceparent").default("").to_owned();
        manager.alter_table(Table::alter().table("message").add_column(column).to_owned()).await
    }
}
