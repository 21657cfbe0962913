//! Participants; the register is public, so nothing is sealed.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, text},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "participants_m0001_participants"
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
                    .table("participant")
                    .col(string("bin").primary_key())
                    .col(string("name"))
                    .col(text("name_key"))
                    .col(string("status"))
                    .col(text("former_names"))
                    .col(string("legal_form"))
                    .col(string("registration_number"))
                    .col(string("registered_on"))
                    .col(big_integer("version"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("participant_name").table("participant").col("name_key").col("bin").to_owned(),
            )
            .await
    }
}
