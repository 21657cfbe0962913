//! Rows of `cancelled_application`: cases that were cancelled before anything was to be paid.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cancelled_application")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_number: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
