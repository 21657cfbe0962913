//! Rows of `consent`: what an account's owner consented to. No text and no whole address stands here, so that the proof may
//! outlive the account.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub purpose: String,
    pub text_version: i32,
    pub given_at: i64,
    pub client_masked: String,
    pub term_days: i32,
    /// Who of the staff recorded it; empty: its owner gave it himself.
    pub recorded_by: String,
    pub withdrawn_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
