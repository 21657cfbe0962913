//! Rows of `message`: the task of telling somebody something, and afterwards the ledger of it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Fact, kind and recipient; one message for each.
    pub source: String,
    pub event_id: String,
    /// Empty while the message is to a role.
    pub account_id: String,
    pub role: String,
    pub kind: String,
    /// 0 where it is about none.
    pub application_number: i64,
    /// JSON, without personal data.
    pub params: String,
    pub state: String,
    pub attempts: i32,
    pub created_at: i64,
    pub due_at: i64,
    /// A worker holds it until then.
    pub leased_until: i64,
    pub sent_at: Option<i64>,
    pub last_error: String,
    /// The mail's Message-ID, the same at each attempt.
    pub message_id: String,
    pub subject_sealed: Option<Vec<u8>>,
    pub body_sealed: Option<Vec<u8>>,
    /// Of the fact's application, for the trace of the sending; empty where there was none.
    pub traceparent: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a new message is made of.
pub(crate) struct Fresh {
    pub event_id: String,
    pub account_id: String,
    pub role: String,
    pub kind: String,
    pub application_number: i64,
    pub params: String,
    pub created_at: i64,
    pub due_at: i64,
    pub traceparent: String,
}
