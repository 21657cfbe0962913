//! What a message's texts are filled with. No personal data: the name is asked for at the time of sending.

use kernel::Localized;
use serde::{Deserialize, Serialize};

/// Kept with the task until it is rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Params {
    /// Sum in tiyn, where one is spoken of.
    pub amount_minor: Option<i64>,
    /// P-O/2024/188
    pub document_number: String,
    /// A visit's start.
    pub start_at_micros: Option<i64>,
    /// Until when something is waited for.
    pub by_micros: Option<i64>,
    /// What a digest counts.
    pub fresh: u32,
    pub overdue: u32,
    pub refunds: u32,
    pub pending: u32,
    /// Kind of a visit, where it is another than to bring originals.
    pub visit: String,
    /// A text that is tried out, in which language, at which version.
    pub test: bool,
    pub locale: String,
    pub text_version: i32,
    /// Where a visit takes place; empty where its fact does not tell it.
    pub place: Localized,
    /// What a visitor tells at the door.
    pub code: String,
    /// Fields and documents to correct.
    pub marks: u32,
    /// Days left of a term.
    pub days: u32,
    /// Last day of a term, ISO.
    pub date: String,
    /// Class of a declined payment, or kind of a mismatch.
    pub class: String,
    /// identity's letter, which tells address and link at the time of sending.
    pub letter_id: String,
}
