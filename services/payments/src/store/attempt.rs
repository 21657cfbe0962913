//! Rows of `attempt`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub version: i64,
    pub invoice_id: String,
    pub application_number: i64,
    pub account_id: String,
    pub state: String,
    pub amount_minor: i64,
    pub currency: String,
    pub bank_invoice_id: String,
    /// Its last six digits.
    pub bank_invoice_suffix: String,
    pub terminal: String,
    pub document_number: String,
    pub secret_hash_sealed: Vec<u8>,
    pub decline_class: String,
    pub reason_code: String,
    pub created_at: i64,
    pub started_at: i64,
    pub page_expires_at: i64,
    pub closed_at: Option<i64>,
    pub late_polls: i32,
    pub last_inquiry_at: i64,
    pub next_inquiry_at: Option<i64>,
    /// A worker holds it until then.
    pub leased_until: i64,
    /// The bank's answer that decided.
    pub bank_body_sealed: Option<Vec<u8>>,
    /// The bank's id of a sum that it holds, what is to become of it, and when the bank was last asked for that.
    pub hold_operation: String,
    pub hold_order: String,
    pub hold_called_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
