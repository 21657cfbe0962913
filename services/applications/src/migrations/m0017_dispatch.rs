//! With which number, when and until when a person's papers were sent to the state body.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0017_dispatch"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["outgoing_number", "sent_on", "expected_on"] {
            let column = string(column).default("").to_owned();
            manager.alter_table(Table::alter().table("person").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
