//! Rows of `application`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub version: i64,
    pub owner: String,
    pub kind: String,
    pub state: String,
    pub payment_status: String,
    pub payment_version: i64,
    pub created_at: i64,
    pub submitted_at: Option<i64>,
    pub membership_kind: String,
    pub bin: String,
    pub organisation_name: String,
    pub membership_verified: bool,
    pub walk_in: bool,
    pub walk_in_price: i64,
    pub total: i64,
    pub contact_name: String,
    pub name_key: String,
    pub contact_sealed: Vec<u8>,
    pub service_name: String,
    pub services_more: i32,
    pub service_key: String,
    pub offer_version: i32,
    pub offer_accepted_at: Option<i64>,
    pub offer_client_sealed: Vec<u8>,
    pub assigned_to: String,
    pub reviewed_by: String,
    pub return_reason: String,
    pub decision_reason: String,
    pub visit_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub erased_at: Option<i64>,
    pub filed_by: String,
    pub offer_by: String,
    pub papers_sha256: String,
    pub touched_at: i64,
    pub reminded_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
