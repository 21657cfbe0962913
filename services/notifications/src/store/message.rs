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
    /// Version of the text that it was made with; 0 as shipped.
    pub text_version: i32,
    /// Whom it is to, masked; empty while it is not rendered.
    pub reader_masked: String,
    /// When its reader opened it.
    pub read_at: Option<i64>,
    /// Of the fact's application, for the trace of the sending; empty where there was none.
    pub traceparent: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A message that is only looked at.
    pub(crate) fn sample(kind: &str, application_number: i64, params: String) -> Self {
        let none = String::new;
        Self {
            id: none(),
            source: none(),
            event_id: none(),
            account_id: none(),
            role: none(),
            kind: kind.to_owned(),
            application_number,
            params,
            state: none(),
            attempts: 0,
            created_at: 0,
            due_at: 0,
            leased_until: 0,
            sent_at: None,
            last_error: none(),
            message_id: none(),
            subject_sealed: None,
            body_sealed: None,
            text_version: 0,
            reader_masked: none(),
            read_at: None,
            traceparent: none(),
        }
    }
}

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
