//! Rows of `participant`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub bin: String,
    pub name: String,
    pub name_key: String,
    pub status: String,
    /// JSON list, oldest first.
    pub former_names: String,
    pub legal_form: String,
    pub registration_number: String,
    /// ISO date or empty.
    pub registered_on: String,
    pub version: i64,
    pub licence_number: String,
    /// JSON list.
    pub activities: String,
    pub address: String,
    /// ISO date or empty.
    pub status_since: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
