//! Files of receipts, up and down.

use chassis::{Error, command::Call, status};
use proto::{
    billing::v1::{ReceiptStart, UploadReceiptRequest, upload_receipt_request::Part},
    common::v1::FileChunk,
};
use tonic::{Status, Streaming};

use crate::app::{Ports, download_receipt::Download, upload_receipt};

const CHUNK: usize = 64 * 1024;

pub(crate) type Chunks = tokio_stream::Iter<std::vec::IntoIter<Result<FileChunk, Status>>>;

/// Reads a whole upload, no further than it may grow.
pub(super) async fn receive(
    ports: &Ports,
    call: &Call,
    parts: &mut Streaming<UploadReceiptRequest>,
) -> Result<(ReceiptStart, Vec<u8>), Error> {
    let malformed = |what: &str| Error::Malformed(what.to_owned());
    let first = parts.message().await.map_err(|error| status::into_error(&error))?.and_then(|message| message.part);
    let Some(Part::Start(start)) = first else { return Err(malformed("an upload begins with `start`")) };
    upload_receipt::check(ports, &call.actor, &start).await?;
    let limit = ports.config.receipts.size_mib_max.saturating_mul(1024 * 1024);
    let mut content = Vec::new();
    while let Some(message) = parts.message().await.map_err(|error| status::into_error(&error))? {
        let Some(Part::Data(data)) = message.part else { return Err(malformed("`start` stands only once")) };
        if content.len() + data.len() > limit {
            return Err(upload_receipt::too_large(ports));
        }
        content.extend_from_slice(&data);
    }
    Ok((start, content))
}

pub(super) fn chunks(download: Download) -> Chunks {
    let mut messages = vec![Ok(FileChunk {
        file_name: download.file_name,
        media_type: download.media_type,
        size_bytes: download.content.len() as u64,
        data: Vec::new(),
    })];
    let pieces = download.content.chunks(CHUNK);
    messages.extend(pieces.map(|piece| Ok(FileChunk { data: piece.to_vec(), ..FileChunk::default() })));
    tokio_stream::iter(messages)
}
