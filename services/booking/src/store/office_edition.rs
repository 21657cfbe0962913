//! Rows of `office_edition`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "office_edition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// "week", "day", "holidays".
    pub part: String,
    /// ISO; empty for holidays.
    pub from_date: String,
    pub body: String,
    pub note: String,
    pub at: i64,
    pub by: String,
    /// Whose hours; empty: the first office's, and for holidays all.
    pub office_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
