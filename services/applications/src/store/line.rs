//! Rows of `line`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub number: i64,
    pub ordinal: i32,
    pub service_code: String,
    pub name: String,
    pub path: String,
    pub quantity: i32,
    pub personal_manager: bool,
    pub price: i64,
    pub personal_manager_price: Option<i64>,
    pub form_code: String,
    pub form_version: i32,
    pub product_code: String,
    pub description: String,
    pub service_version: i32,
    pub answers_sealed: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
