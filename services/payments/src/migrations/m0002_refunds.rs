//! What goes back to cards: ordered by billing, called for at the bank once.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "payments_m0002_refunds"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("refund")
            .col(string("id").primary_key())
            .col(big_integer("version"))
            .col(string("refund_id"))
            .col(string("attempt_id"))
            .col(big_integer("application_number"))
            .col(string("operation"))
            .col(big_integer("amount_minor"))
            .col(string("currency"))
            .col(string("state"))
            .col(string("failure"))
            .col(string("bank_code"))
            .col(big_integer("returned_before"))
            .col(big_integer_null("called_at"))
            .col(string("heard"))
            .col(integer("calls"))
            .col(big_integer("created_at"))
            .col(big_integer_null("closed_at"))
            .col(big_integer_null("next_at"))
            .col(big_integer("leased_until"))
            .to_owned();
        manager.create_table(table).await?;
        for index in [
            // The bank tells only how much went back of a charge in all: one refund of it at a time.
            Index::create()
                .name("refund_called")
                .table("refund")
                .col("operation")
                .unique()
                .and_where(Expr::col("state").eq("CALLED"))
                .to_owned(),
            Index::create()
                .name("refund_due")
                .table("refund")
                .col("next_at")
                .and_where(Expr::col("next_at").is_not_null())
                .to_owned(),
            Index::create().name("refund_closed").table("refund").col("closed_at").to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
