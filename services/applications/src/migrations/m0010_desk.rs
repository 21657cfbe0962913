//! Who of the staff filed an application for its owner at the desk, and who accepted the offer by his mandate.

use sea_orm_migration::{prelude::*, schema::string};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0010_desk"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for name in ["filed_by", "offer_by"] {
            let column = string(name).default("").to_owned();
            manager.alter_table(Table::alter().table("application").add_column(column).to_owned()).await?;
        }
        let index =
            Index::create().name("application_filed_by").table("application").col("filed_by").col("state").to_owned();
        manager.create_index(index).await
    }
}
