//! Rows of `ticket`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub day: String,
    pub number: i64,
    pub application_number: i64,
    pub appointment_id: Option<String>,
    pub lane: String,
    pub arrived_at: i64,
    pub due_at: i64,
    pub called_at: Option<i64>,
    pub desk: i32,
    pub ended_at: Option<i64>,
    pub left_early: bool,
    pub office_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
