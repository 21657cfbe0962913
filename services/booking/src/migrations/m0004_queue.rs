//! Tickets of those who are here, and whether a case has paid for priority.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "booking_m0004_queue"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ticket = Table::create()
            .table("ticket")
            .col(string("id").primary_key())
            .col(string("day"))
            .col(big_integer("number"))
            .col(big_integer("application_number"))
            .col(string_null("appointment_id"))
            .col(string("lane"))
            .col(big_integer("arrived_at"))
            .col(big_integer("due_at"))
            .col(big_integer_null("called_at"))
            .col(integer("desk"))
            .col(big_integer_null("ended_at"))
            .col(boolean("left_early"))
            .to_owned();
        manager.create_table(ticket).await?;
        for (name, columns) in
            [("ticket_number", vec!["day", "number"]), ("ticket_appointment", vec!["appointment_id"])]
        {
            let mut index = Index::create().name(name).table("ticket").unique().to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        let priority = Table::alter().table("booking_right").add_column(boolean("priority").default(false)).to_owned();
        manager.alter_table(priority).await
    }
}
