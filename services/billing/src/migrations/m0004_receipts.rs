//! Receipts of bank transfers, whose files are kept sealed, and the transfers that staff found on the account.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0004_receipts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            Table::create()
                .table("receipt")
                .col(string("id").primary_key())
                .col(big_integer("application_number"))
                .col(string("invoice_id"))
                .col(big_integer("amount"))
                .col(string("paid_on"))
                .col(binary("file_name_sealed"))
                .col(string("media_type"))
                .col(big_integer("size_bytes"))
                .col(binary("sha256"))
                .col(binary("key_sealed"))
                .col(string("state"))
                .col(string("reason"))
                .col(string("uploaded_by"))
                .col(boolean("on_behalf"))
                .col(big_integer("uploaded_at"))
                .to_owned(),
            Table::create()
                .table("transfer")
                .col(string("bank_document_number").primary_key())
                .col(big_integer("amount"))
                .col(string("received_on"))
                .col(binary("sender_sealed"))
                .col(string("recorded_by"))
                .col(big_integer("recorded_at"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        let index = Index::create().name("receipt_application").table("receipt").col("application_number").to_owned();
        manager.create_index(index).await
    }
}
