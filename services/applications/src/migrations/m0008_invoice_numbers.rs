//! The numbers of a case's invoices, by which staff look for it.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0008_invoice_numbers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("invoice_number")
            .col(string("told"))
            .col(big_integer("number"))
            .primary_key(Index::create().col("told").col("number"))
            .to_owned();
        manager.create_table(table).await?;
        let index = Index::create().name("invoice_number_number").table("invoice_number").col("number").to_owned();
        manager.create_index(index).await
    }
}
