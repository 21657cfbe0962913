//! Cases cancelled before anything was to be paid: an approval that comes late opens nothing for them.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0002_cancelled_applications"
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
                    .table("cancelled_application")
                    .col(big_integer("application_number").primary_key())
                    .to_owned(),
            )
            .await
    }
}
