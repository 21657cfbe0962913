//! Rows of `appointment`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub application_number: i64,
    pub account_id: String,
    pub person_item_id: String,
    pub kind: String,
    pub slot_id: String,
    pub start_at: i64,
    pub state: String,
    pub active: bool,
    pub version: i64,
    pub held_until: Option<i64>,
    pub confirmed_at: Option<i64>,
    pub reminded_at: Option<i64>,
    pub displaced_at: Option<i64>,
    pub moves: i32,
    /// Empty: the first office.
    pub office_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
