//! When an account's owner has closed it; a while later it is erased.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0006_closed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let closed = Table::alter().table("account").add_column(big_integer_null("closed_at")).to_owned();
        manager.alter_table(closed).await?;
        let index = Index::create().name("account_closed").table("account").col("closed_at").to_owned();
        manager.create_index(index).await
    }
}
