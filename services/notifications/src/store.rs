//! Rows and what they mean.

pub(crate) mod case;
pub(crate) mod digest_day;
pub(crate) mod message;
pub(crate) mod text_version;

use chassis::{Error, seal::Sealer};
use sea_orm::{ConnectionTrait, EntityTrait as _, QuerySelect as _};

/// Which version of its text a message was made with.
pub(crate) async fn message_text_version(db: &impl ConnectionTrait, id: &str) -> Result<i32, Error> {
    let found: Option<i32> = message::Entity::find_by_id(id.to_owned())
        .select_only()
        .column(message::Column::TextVersion)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.unwrap_or_default())
}

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
