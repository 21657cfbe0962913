//! Row to message.

use chassis::{Error, seal::Sealer};
use proto::notifications::v1 as pb;

use crate::store::{self, message};

/// A message with its text, for its reader.
pub(super) fn message(row: &message::Model, sealer: &Sealer) -> Result<pb::Message, Error> {
    let (subject, body) = store::open(row, sealer)?.unwrap_or_default();
    Ok(pb::Message {
        id: row.id.clone(),
        kind: row.kind.clone(),
        application_number: row.application_number,
        subject,
        body,
        created_at_micros: row.created_at,
        delivery: row.state.clone(),
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        unread: row.read_at.is_none(),
        ..pb::Message::default()
    })
}

/// What hindered it, as a word for it.
fn reason(row: &message::Model) -> &'static str {
    match row.last_error.as_str() {
        "" => "",
        "paid" => "paid",
        "step_over" => "step_over",
        "time_over" => "time_over",
        "the address can't be written to" => "address",
        "the mail server did not answer in time" => "no_answer",
        "the mail server can't be reached" => "unreachable",
        "no protected way to the mail server" => "unprotected",
        "no SMS gateway is set up" => "no_gateway",
        text if text.starts_with("the mail server answered 5") => "refused",
        text if text.starts_with("the mail server answered") => "busy",
        _ => "other",
    }
}

/// The same for staff: its text is its reader's business.
pub(super) fn delivery(row: &message::Model, sealer: &Sealer) -> Result<pb::Message, Error> {
    Ok(pb::Message {
        body: String::new(),
        unread: false,
        reader_masked: row.reader_masked.clone(),
        reason: reason(row).to_owned(),
        text_version: row.text_version.unsigned_abs(),
        ..message(row, sealer)?
    })
}
