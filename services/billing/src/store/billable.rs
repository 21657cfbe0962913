//! Rows of `billable`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "billable")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_number: i64,
    pub account_id: String,
    pub version: i64,
    pub status: String,
    pub lines: String,
    pub total: i64,
    pub payer_sealed: Option<Vec<u8>>,
    pub invoice_id: String,
    pub live_attempt: String,
    pub held_until: Option<i64>,
    pub closed: bool,
    pub expired: bool,
    pub reserved_at: Option<i64>,
    pub decline_reason: String,
    pub changed_at: i64,
    pub pending_since: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
