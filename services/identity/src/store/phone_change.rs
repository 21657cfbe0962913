//! Rows of `phone_change`: a phone that an account's owner has given and whose code is still to be entered.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: String,
    /// The letter that carries the code.
    pub letter_id: String,
    pub phone_sealed: Vec<u8>,
    pub expires_at: i64,
    /// Wrong codes entered.
    pub failures: i32,
    /// Keyed hash of the code that was sent last; none before.
    pub code_hash: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) fn place(account_id: &str) -> String {
    format!("phone_change/phone_sealed/{account_id}")
}
