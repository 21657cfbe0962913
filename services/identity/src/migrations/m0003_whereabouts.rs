//! A session keeps, coarsely, what it was opened with and from where, so that its owner knows it again.

use sea_orm_migration::{prelude::*, schema::string};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0003_whereabouts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for name in ["device", "address"] {
            let column = string(name).default("").to_owned();
            manager.alter_table(Table::alter().table("session").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
