//! Refunds and the credit notes they come to. Reason and account stand sealed.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0005_refunds"
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
                .table("refund")
                .col(string("id").primary_key())
                .col(big_integer("application_number"))
                .col(string("invoice_id"))
                .col(string("state"))
                .col(string("kind"))
                .col(text("lines"))
                .col(big_integer("credited"))
                .col(big_integer("released"))
                .col(binary("details_sealed"))
                .col(string("requested_by"))
                .col(big_integer("requested_at"))
                .col(string("due_date"))
                .col(string("reviewed_by"))
                .col(string("decided_by"))
                .col(text("decline_reason"))
                .col(string("credit_note"))
                .col(string("order_number"))
                .col(string("order_date"))
                .to_owned(),
            Table::create()
                .table("credit_note")
                .col(string("document_number").primary_key())
                .col(string("refund_id"))
                .col(string("invoice_id"))
                .col(big_integer("amount"))
                .col(big_integer("vat"))
                .col(string("document_date"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, columns) in
            [("refund_application", vec!["application_number"]), ("refund_state", vec!["state", "due_date"])]
        {
            let mut index = Index::create().name(name).table("refund").to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
