//! Changes of beneficiary, VAT and texts, each with the day from which it counts.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0014_settings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("setting_change")
            .col(string("id").primary_key())
            .col(string("kind"))
            .col(string("from_date"))
            .col(string("state"))
            .col(text("value"))
            .col(text("reason"))
            .col(string("proposed_by"))
            .col(big_integer("proposed_at"))
            .col(string("decided_by"))
            .col(big_integer_null("decided_at"))
            .col(text("decision_reason"))
            .to_owned();
        manager.create_table(table).await?;
        let mut index = Index::create().name("setting_change_in_force").table("setting_change").to_owned();
        manager.create_index(index.col("kind").col("state").col("from_date").to_owned()).await
    }
}
