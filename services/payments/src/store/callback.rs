//! Rows of `callback`: what the bank (or somebody) posted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "callback")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub attempt_id: String,
    /// The same body again is no new row.
    pub body_index: Vec<u8>,
    /// `verified`, `unverified` (no secret came), `forged` or `unknown` (no such attempt).
    pub verification: String,
    pub body_sealed: Vec<u8>,
    pub client_sealed: Vec<u8>,
    pub received_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
