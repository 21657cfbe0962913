//! Rows of `appointment_change`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointment_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub appointment_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub at: i64,
    pub by: String,
    pub what: String,
    pub start_at: i64,
    pub office_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
