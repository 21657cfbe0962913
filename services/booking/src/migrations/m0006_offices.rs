//! Several offices: what is booked, given out and changed names the one it belongs to. Rows that are there already name
//! none, as do those that a process of an older release writes while it still runs; they are the first office's.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "booking_m0006_offices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["appointment", "appointment_change", "ticket", "office_edition"] {
            let column = string("office_id").default("").take();
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        // Each office counts its visitors from 1.
        manager.drop_index(Index::drop().name("ticket_number").table("ticket").to_owned()).await?;
        let numbers = Index::create()
            .name("ticket_office_number")
            .table("ticket")
            .col("day")
            .col("office_id")
            .col("number")
            .unique()
            .to_owned();
        manager.create_index(numbers).await
    }
}
