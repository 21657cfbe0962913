//! Rows of `evidence`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub operation: String,
    pub application_number: i64,
    pub invoice_id: String,
    pub attempt: String,
    pub amount: i64,
    pub reference: String,
    pub order_number: String,
    pub approval_code: String,
    pub card_mask: String,
    pub at: i64,
    pub applied: bool,
    pub kind: String,
    pub confirmed: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
