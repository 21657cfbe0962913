//! The calendar that booking told last, for the services that count working days.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "chassis_m0006_holidays"
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
                    .table("holidays")
                    .col(integer("id").primary_key())
                    .col(big_integer("version"))
                    .col(text("body"))
                    .to_owned(),
            )
            .await
    }
}
