//! Rights to book, slots and appointments. The database itself forbids a slot to be oversold and a person to be booked
//! twice.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "booking_m0001_appointments"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("booking_right")
                    .col(big_integer("application_number").primary_key())
                    .col(string("account_id"))
                    .col(string("kind"))
                    .col(text("items"))
                    .col(boolean("open"))
                    .col(big_integer("version"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("slot")
                    .col(string("id").primary_key())
                    .col(big_integer("start_at"))
                    .col(integer("capacity"))
                    .col(integer("taken"))
                    .check(Expr::col("taken").lte(Expr::col("capacity")))
                    .check(Expr::col("taken").gte(0))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("appointment")
                    .col(string("id").primary_key())
                    .col(big_integer("application_number"))
                    .col(string("account_id"))
                    .col(string("person_item_id"))
                    .col(string("kind"))
                    .col(string("slot_id"))
                    .col(big_integer("start_at"))
                    .col(string("state"))
                    .col(boolean("active"))
                    .col(big_integer("version"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("appointment_one_active")
                    .table("appointment")
                    .col("person_item_id")
                    .col("kind")
                    .unique()
                    .and_where(Expr::col("active").eq(true))
                    .to_owned(),
            )
            .await?;
        for (name, table, column) in [
            ("slot_start", "slot", "start_at"),
            ("appointment_application", "appointment", "application_number"),
            ("appointment_start", "appointment", "start_at"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }
}
