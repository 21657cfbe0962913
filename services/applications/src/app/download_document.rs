//! Reads an uploaded file back. What staff and programs read is logged.

use bytes::Bytes;
use chassis::{Error, audit};
use kernel::Actor;
use proto::applications::v1::DownloadDocumentRequest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::Ports;
use crate::{
    domain::{
        documents::DocumentState,
        permissions::{View, view},
    },
    store::{self, document},
};

/// A file as it is handed out.
pub(crate) struct Download {
    pub file_name: String,
    pub media_type: String,
    pub content: Bytes,
}

pub(crate) async fn run(ports: &Ports, actor: Actor, command: &DownloadDocumentRequest) -> Result<Download, Error> {
    let context = &ports.context;
    let case = store::case::load(context.db.read(), &context.sealer, &ports.catalogue(), command.number).await?;
    if view(&case, &actor) != Some(View::Whole) {
        return Err(Error::NotFound);
    }
    let row = document::Entity::find_by_id(command.document_id.clone())
        .filter(document::Column::Number.eq(command.number))
        .filter(document::Column::State.ne(DocumentState::Receiving.code()))
        .one(context.db.read())
        .await?
        .ok_or(Error::NotFound)?;
    let key = context.sealer.open(&store::file_key_place(&row.id), &row.key_sealed)?;
    let key: [u8; 32] = key.try_into().map_err(|_| Error::corrupt("document", "key_sealed", &row.id))?;
    let content = context.files.get(&row.id, &key).await?;
    if chassis::seal::digest(&content) != row.sha256 {
        return Err(Error::corrupt("document", "sha256", &row.id));
    }
    if actor.account() != Some(case.owner) {
        let (sources, id) = (context.sources.clone(), row.id.clone());
        // The row goes with the case's erasure; which paper it was is still asked for then.
        let paper = format!("{} {}", row.number, row.code);
        context
            .db
            .write(move |tx| async move { audit::record(&tx, &sources, &actor, "DOCUMENT_READ", id, &paper).await })
            .await?;
    }
    let file_name = context.sealer.open_text(&store::file_name_place(&row.id), &row.file_name_sealed)?;
    Ok(Download { file_name, media_type: row.media_type, content })
}
