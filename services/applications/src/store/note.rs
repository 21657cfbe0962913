//! Rows of `note`: the staff's notes on a case.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Counts from 1 within the case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    pub at: i64,
    pub author: String,
    pub text_sealed: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
