//! Reads a receipt's file back. What staff and programs read is logged.

use bytes::Bytes;
use chassis::{Error, audit};
use kernel::Actor;
use proto::billing::v1::DownloadReceiptRequest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{Ports, visible};
use crate::{
    domain::receipt::ReceiptState,
    store::{
        self,
        receipt::{self, place},
    },
};

/// A file as it is handed out.
pub(crate) struct Download {
    pub file_name: String,
    pub media_type: String,
    pub content: Bytes,
}

pub(crate) async fn run(ports: &Ports, actor: Actor, command: &DownloadReceiptRequest) -> Result<Download, Error> {
    let context = &ports.context;
    let billable = store::load(context.db.read(), &context.sealer, command.application_number).await?;
    visible(&actor, billable.account)?;
    let row = receipt::Entity::find_by_id(command.receipt_id.clone())
        .filter(receipt::Column::ApplicationNumber.eq(command.application_number))
        .filter(receipt::Column::State.ne(ReceiptState::Receiving.code()))
        .one(context.db.read())
        .await?
        .ok_or(Error::NotFound)?;
    let key = context.sealer.open(&place("key_sealed", &row.id), &row.key_sealed)?;
    let key: [u8; 32] = key.try_into().map_err(|_| Error::corrupt("receipt", "key_sealed", &row.id))?;
    let content = context.files.get(&row.id, &key).await?;
    if chassis::seal::digest(&content) != row.sha256 {
        return Err(Error::corrupt("receipt", "sha256", &row.id));
    }
    if actor.account() != Some(billable.account) {
        let (sources, id, number) = (context.sources.clone(), row.id.clone(), row.application_number.to_string());
        context
            .db
            .write(move |tx| async move { audit::record(&tx, &sources, &actor, "RECEIPT_READ", id, &number).await })
            .await?;
    }
    let file_name = context.sealer.open_text(&place("file_name_sealed", &row.id), &row.file_name_sealed)?;
    Ok(Download { file_name, media_type: row.media_type, content })
}
