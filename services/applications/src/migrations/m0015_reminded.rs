//! When the owner of a draft that nobody touches was reminded of it.

use sea_orm_migration::{prelude::*, schema::big_integer};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0015_reminded"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer("reminded_at").default(0).to_owned();
        manager.alter_table(Table::alter().table("application").add_column(column).to_owned()).await
    }
}
