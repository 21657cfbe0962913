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
    })
}

/// The same for staff: its text is its reader's business.
pub(super) fn delivery(row: &message::Model, sealer: &Sealer) -> Result<pb::Message, Error> {
    Ok(pb::Message { body: String::new(), ..message(row, sealer)? })
}
