//! The timeline tells from whose hands to whose a case went.

use sea_orm_migration::{prelude::*, schema::string};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0003_assignment"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for name in ["from_account", "to_account"] {
            let column = string(name).default("").to_owned();
            manager.alter_table(Table::alter().table("timeline").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
