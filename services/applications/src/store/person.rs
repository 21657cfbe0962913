//! Rows of `person`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub line_id: String,
    pub number: i64,
    pub ordinal: i32,
    pub name: String,
    pub name_key: String,
    pub values_sealed: Vec<u8>,
    pub passport_index: Vec<u8>,
    pub item_state: String,
    pub decision_note: String,
    /// ISO dates; empty where nothing was sent.
    pub outgoing_number: String,
    pub sent_on: String,
    pub expected_on: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
