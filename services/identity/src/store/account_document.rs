//! Rows of `account_document`: papers kept with an account.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub code: String,
    pub file_name_sealed: Vec<u8>,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
    pub key_sealed: Vec<u8>,
    pub state: String,
    pub uploaded_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) fn place(column: &str, id: &str) -> String {
    format!("account_document/{column}/{id}")
}
