//! Messages and what is known of cases. Texts name people, so they stand sealed.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary_null, integer, string, text},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "notifications_m0001_messages"
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
                .table("message")
                .col(string("id").primary_key())
                .col(string("source").unique_key())
                .col(string("event_id"))
                .col(string("account_id"))
                .col(string("role"))
                .col(string("kind"))
                .col(big_integer("application_number"))
                .col(text("params"))
                .col(string("state"))
                .col(integer("attempts"))
                .col(big_integer("created_at"))
                .col(big_integer("due_at"))
                .col(big_integer("leased_until"))
                .col(big_integer_null("sent_at"))
                .col(text("last_error"))
                .col(string("message_id"))
                .col(binary_null("subject_sealed"))
                .col(binary_null("body_sealed"))
                .to_owned(),
            Table::create()
                .table("case_known")
                .col(big_integer("number").primary_key())
                .col(string("account_id"))
                .col(string("payment_status"))
                .col(big_integer("payment_version"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            Index::create().name("message_account").table("message").col("account_id").col("created_at").to_owned(),
            Index::create()
                .name("message_application")
                .table("message")
                .col("application_number")
                .col("created_at")
                .to_owned(),
            Index::create()
                .name("message_due")
                .table("message")
                .col("due_at")
                .and_where(Expr::col("state").eq("waiting"))
                .to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
