//! Attempts, callbacks, mismatches, voided invoices. What the bank writes stands sealed.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary, binary_null, integer, string},
};

use crate::store::LIVE;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "payments_m0001_payments"
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
                .table("attempt")
                .col(string("id").primary_key())
                .col(big_integer("version"))
                .col(string("invoice_id"))
                .col(big_integer("application_number"))
                .col(string("account_id"))
                .col(string("state"))
                .col(big_integer("amount_minor"))
                .col(string("currency"))
                .col(string("bank_invoice_id").unique_key())
                .col(string("bank_invoice_suffix"))
                .col(string("terminal"))
                .col(string("document_number"))
                .col(binary("secret_hash_sealed"))
                .col(string("decline_class"))
                .col(string("reason_code"))
                .col(big_integer("created_at"))
                .col(big_integer("started_at"))
                .col(big_integer("page_expires_at"))
                .col(big_integer_null("closed_at"))
                .col(integer("late_polls"))
                .col(big_integer("last_inquiry_at"))
                .col(big_integer_null("next_inquiry_at"))
                .col(big_integer("leased_until").default(0))
                .col(binary_null("bank_body_sealed"))
                .to_owned(),
            Table::create()
                .table("callback")
                .col(string("id").primary_key())
                .col(string("attempt_id"))
                .col(binary("body_index"))
                .col(string("verification"))
                .col(binary("body_sealed"))
                .col(binary("client_sealed"))
                .col(big_integer("received_at"))
                .to_owned(),
            Table::create()
                .table("mismatch")
                .col(string("id").primary_key())
                .col(string("attempt_id").unique_key())
                .col(big_integer("application_number"))
                .col(string("kind"))
                .col(big_integer("expected_minor"))
                .col(string("expected_currency"))
                .col(big_integer("charged_minor"))
                .col(string("charged_currency"))
                .col(string("bank_operation_id"))
                .col(string("reference"))
                .col(big_integer("at"))
                .to_owned(),
            Table::create()
                .table("voided_invoice")
                .col(string("invoice_id").primary_key())
                .col(big_integer("voided_at"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            // One live attempt per invoice.
            Index::create()
                .name("attempt_live")
                .table("attempt")
                .col("invoice_id")
                .unique()
                .and_where(Expr::col("state").is_in(LIVE))
                .to_owned(),
            // The bank wants the last six digits of an order's number unique per terminal.
            Index::create()
                .name("attempt_suffix")
                .table("attempt")
                .col("terminal")
                .col("bank_invoice_suffix")
                .unique()
                .to_owned(),
            Index::create().name("attempt_invoice").table("attempt").col("invoice_id").to_owned(),
            Index::create()
                .name("attempt_application")
                .table("attempt")
                .col("application_number")
                .col("created_at")
                .to_owned(),
            Index::create()
                .name("attempt_due")
                .table("attempt")
                .col("next_inquiry_at")
                .and_where(Expr::col("next_inquiry_at").is_not_null())
                .to_owned(),
            Index::create()
                .name("callback_once")
                .table("callback")
                .col("attempt_id")
                .col("body_index")
                .unique()
                .to_owned(),
            Index::create().name("mismatch_at").table("mismatch").col("at").to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
