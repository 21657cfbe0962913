//! Who reads this service's facts: so that a reader added later gets what is still kept, and a check knows whom to ask.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "chassis_m0003_consumers"
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
                Table::create().table("consumer").col(string("name").primary_key()).col(text("facts")).to_owned(),
            )
            .await
    }
}
