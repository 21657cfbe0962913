//! Whoever was served may be booked again when more is wanted of him: his visit takes no place any more.

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "booking_m0007_served"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("UPDATE appointment SET active = FALSE WHERE state = 'served'").await?;
        let counted = "UPDATE slot SET taken = \
            (SELECT COUNT(*) FROM appointment WHERE appointment.slot_id = slot.id AND appointment.active)";
        db.execute_unprepared(counted).await?;
        Ok(())
    }
}
