//! Rows of `mismatch`: charges that do not fit.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mismatch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub attempt_id: String,
    pub application_number: i64,
    pub kind: String,
    pub expected_minor: i64,
    pub expected_currency: String,
    pub charged_minor: i64,
    pub charged_currency: String,
    pub bank_operation_id: String,
    pub reference: String,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
