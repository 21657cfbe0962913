//! Billables, invoices and evidence. Payers stand sealed.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0001_billables"
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
                .table("billable")
                .col(big_integer("application_number").primary_key())
                .col(string("account_id"))
                .col(big_integer("version"))
                .col(string("status"))
                .col(text("lines"))
                .col(big_integer("total"))
                .col(binary_null("payer_sealed"))
                .col(string("invoice_id"))
                .col(string("live_attempt"))
                .col(big_integer_null("held_until"))
                .col(boolean("closed"))
                .col(string("decline_reason"))
                .col(big_integer("changed_at"))
                .to_owned(),
            Table::create()
                .table("invoice")
                .col(string("id").primary_key())
                .col(big_integer("application_number"))
                .col(string("account_id"))
                .col(string("state"))
                .col(string("document_number").unique_key())
                .col(string("document_date"))
                .col(string("due_date"))
                .col(string("reference_number").unique_key())
                .col(big_integer("total"))
                .col(big_integer("vat"))
                .col(integer("vat_rate_basis_points"))
                .col(binary("payer_sealed"))
                .col(text("content"))
                .col(big_integer("issued_at"))
                .to_owned(),
            Table::create()
                .table("evidence")
                .col(string("operation").primary_key())
                .col(big_integer("application_number"))
                .col(string("invoice_id"))
                .col(string("attempt"))
                .col(big_integer("amount"))
                .col(string("reference"))
                .col(string("approval_code"))
                .col(string("card_mask"))
                .col(big_integer("at"))
                .col(boolean("applied"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            ("billable_status", "billable", vec!["status", "changed_at"]),
            ("invoice_account", "invoice", vec!["account_id", "issued_at"]),
            ("invoice_application", "invoice", vec!["application_number"]),
            ("evidence_application", "evidence", vec!["application_number"]),
        ] {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
