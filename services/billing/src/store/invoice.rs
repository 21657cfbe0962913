//! Rows of `invoice`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub application_number: i64,
    pub account_id: String,
    pub state: String,
    pub document_number: String,
    pub document_date: String,
    pub due_date: String,
    pub reference_number: String,
    pub total: i64,
    pub vat: i64,
    pub vat_rate_basis_points: i32,
    pub payer_sealed: Vec<u8>,
    pub content: String,
    pub issued_at: i64,
    pub reminded_days: Option<i32>,
    pub settled: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
