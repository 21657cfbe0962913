//! Rows of `account`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub email_sealed: Vec<u8>,
    pub email_index: Vec<u8>,
    pub given_name: String,
    pub surname: String,
    pub phone_sealed: Option<Vec<u8>>,
    pub company_name: String,
    pub bin: String,
    pub locale: String,
    pub roles: String,
    pub password_hash: String,
    pub disabled_at: Option<i64>,
    pub created_at: i64,
    pub version: i64,
    pub email_verified_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub team: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
