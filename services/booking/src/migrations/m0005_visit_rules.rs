//! A case has rules of its own for those who miss a visit or come late, as its services say.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "booking_m0005_visit_rules"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["missed_max", "late_minutes"] {
            let column = integer_null(column).to_owned();
            manager.alter_table(Table::alter().table("booking_right").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
