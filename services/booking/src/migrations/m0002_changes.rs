//! Holds, the answer to "will you come?", and what became of an appointment.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "booking_m0002_changes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            big_integer_null("held_until"),
            big_integer_null("confirmed_at"),
            big_integer_null("reminded_at"),
            integer("moves").default(0).take(),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("appointment").add_column(column).to_owned()).await?;
        }
        let change = Table::create()
            .table("appointment_change")
            .col(string("appointment_id"))
            .col(big_integer("version"))
            .col(big_integer("at"))
            .col(string("by"))
            .col(string("what"))
            .col(big_integer("start_at"))
            .primary_key(Index::create().col("appointment_id").col("version"))
            .to_owned();
        manager.create_table(change).await?;
        // What the timers look for.
        let index =
            Index::create().name("appointment_state").table("appointment").col("state").col("start_at").to_owned();
        manager.create_index(index).await
    }
}
