//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod application;
pub(crate) mod case;
pub(crate) mod consent;
pub(crate) mod document;
pub(crate) mod edition;
pub(crate) mod erase;
pub(crate) mod hand_out;
pub(crate) mod invoice_number;
pub(crate) mod line;
pub(crate) mod manager_task;
pub(crate) mod mark;
pub(crate) mod mark_reply;
pub(crate) mod message;
pub(crate) mod name_word;
pub(crate) mod note;
pub(crate) mod original;
pub(crate) mod person;
pub(crate) mod personal_manager;
pub(crate) mod returned;
pub(crate) mod save;
pub(crate) mod term;
pub(crate) mod thread;
pub(crate) mod timeline;
pub(crate) mod visit;

use chassis::{Error, seal::Sealer};
use serde::{Serialize, de::DeserializeOwned};

/// Seals a structure as JSON for one place.
pub(crate) fn seal_json(sealer: &Sealer, place: &str, value: &impl Serialize) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_vec(value).map_err(|error| Error::Internal(error.into()))?;
    sealer.seal(place, &text)
}

pub(crate) fn open_json<T: DeserializeOwned>(sealer: &Sealer, place: &str, sealed: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(&sealer.open(place, sealed)?).map_err(|error| Error::Internal(error.into()))
}

pub(crate) fn contact_place(number: i64) -> String {
    format!("application/contact_sealed/{number}")
}

pub(crate) fn client_place(number: i64) -> String {
    format!("application/offer_client_sealed/{number}")
}

pub(crate) fn answers_place(line: &str) -> String {
    format!("line/answers_sealed/{line}")
}

pub(crate) fn values_place(person: &str) -> String {
    format!("person/values_sealed/{person}")
}

pub(crate) fn message_place(number: i64, ordinal: i32) -> String {
    format!("message/text_sealed/{number}/{ordinal}")
}

pub(crate) fn note_place(number: i64, ordinal: i32) -> String {
    format!("note/text_sealed/{number}/{ordinal}")
}

pub(crate) fn returned_place(number: i64, what: &str) -> String {
    format!("returned/{what}/{number}")
}

pub(crate) fn reply_place(number: i64, field: &str) -> String {
    format!("mark_reply/text_sealed/{number}/{field}")
}

pub(crate) fn recipient_place(number: i64, item: &str) -> String {
    format!("hand_out/recipient_sealed/{number}/{item}")
}

pub(crate) fn file_name_place(document: &str) -> String {
    format!("document/file_name_sealed/{document}")
}

pub(crate) fn file_key_place(document: &str) -> String {
    format!("document/key_sealed/{document}")
}
