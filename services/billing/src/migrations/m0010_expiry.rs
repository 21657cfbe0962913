//! Which reminder of an invoice was sent last, whether an application's invoice ran out, and since when an invoice is
//! reserved for an attempt that has not begun.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0010_expiry"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("invoice", integer_null("reminded_days")),
            ("billable", boolean("expired").default(false).to_owned()),
            ("billable", big_integer_null("reserved_at")),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        manager
            .create_index(Index::create().name("invoice_due").table("invoice").col("state").col("due_date").to_owned())
            .await
    }
}
