//! Rows of `receipt`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub application_number: i64,
    pub invoice_id: String,
    pub amount: i64,
    pub paid_on: String,
    pub file_name_sealed: Vec<u8>,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
    pub key_sealed: Vec<u8>,
    pub state: String,
    pub reason: String,
    pub uploaded_by: String,
    pub on_behalf: bool,
    pub uploaded_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a sealed column of a receipt is bound to.
pub(crate) fn place(column: &str, id: &str) -> String {
    format!("receipt/{column}/{id}")
}
