//! The bank's order number of each charge: statements name it where they leave out the reference.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0015_order_number"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string("order_number").default("").to_owned();
        manager.alter_table(Table::alter().table("evidence").add_column(column).to_owned()).await?;
        let index = Index::create().name("evidence_order").table("evidence").col("order_number").to_owned();
        manager.create_index(index).await
    }
}
