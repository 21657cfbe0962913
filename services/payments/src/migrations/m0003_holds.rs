//! Sums that the bank holds until they are taken or let go (two-step terminals).

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "payments_m0003_holds"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            string("hold_operation").default("").to_owned(),
            string("hold_order").default("").to_owned(),
            big_integer_null("hold_called_at").to_owned(),
        ] {
            manager.alter_table(Table::alter().table("attempt").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
