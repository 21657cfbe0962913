//! What of a refund was sent to the bank, by the charges it goes back to.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0011_refund_parts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("refund_part")
            .col(string("id").primary_key())
            .col(big_integer("application_number"))
            .col(string("refund_id"))
            .col(string("operation"))
            .col(string("attempt"))
            .col(string("card_mask"))
            .col(big_integer("amount"))
            .col(string("state"))
            .col(string("reason"))
            .col(big_integer("sent_at"))
            .col(big_integer("at"))
            .to_owned();
        manager.create_table(table).await?;
        for column in ["application_number", "refund_id"] {
            let name = format!("refund_part_{column}");
            manager.create_index(Index::create().name(&name).table("refund_part").col(column).to_owned()).await?;
        }
        Ok(())
    }
}
