//! Rows and what they mean.

pub(crate) mod case;
pub(crate) mod message;

use chassis::{Error, seal::Sealer};

pub(crate) fn place(column: &str, id: &str) -> String {
    format!("message/{column}/{id}")
}

/// Subject and body, once they are rendered.
pub(crate) fn open(row: &message::Model, sealer: &Sealer) -> Result<Option<(String, String)>, Error> {
    let (Some(subject), Some(body)) = (&row.subject_sealed, &row.body_sealed) else { return Ok(None) };
    let subject = sealer.open_text(&place("subject_sealed", &row.id), subject)?;
    let body = sealer.open_text(&place("body_sealed", &row.id), body)?;
    Ok(Some((subject, body)))
}
