//! Rows of `booking_right`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "booking_right")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_number: i64,
    pub account_id: String,
    pub kind: String,
    pub items: String,
    pub open: bool,
    pub priority: bool,
    pub version: i64,
    /// The case's own rules; none: the office's.
    pub missed_max: Option<i32>,
    pub late_minutes: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
