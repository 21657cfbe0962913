//! Files at rest: pieces of 64 KiB, each sealed with the file's own key and bound to its place, so that none can be
//! swapped, dropped or added unseen. What the store holds tells nothing of name or content. Whether that is a folder or
//! S3-compatible storage is a setting; everything from the sealing on is the same.

mod config;
mod s3;

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use bytes::Bytes;
pub use config::{FilesConfig, S3Config, StoreKind};
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem, path::Path as Key};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::{clock::Sources, crash, error::Error};

/// Plain bytes in one sealed piece.
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
/// Between two tries of [`FileStore::wait`].
const RETRY: Duration = Duration::from_millis(500);
/// How often such tries are told of in the log.
const TOLD_EVERY: u32 = 20;

/// Where a service keeps files. Cheap to clone.
#[derive(Clone)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
    sources: Sources,
}

/// A stored file: what a row must keep to read it again. `key` belongs sealed.
pub struct StoredFile {
    pub key: [u8; 32],
    pub size_bytes: u64,
    pub sha256: Vec<u8>,
}

impl FileStore {
    /// The files of one service, as the settings say: in a folder of its own in `data`, or in S3-compatible storage under
    /// its name. Storage that is away is no fault yet; settings that can't work are, and the fault names them.
    pub fn open(config: &FilesConfig, data: &Path, service: &str, sources: &Sources) -> anyhow::Result<Self> {
        let store: Arc<dyn ObjectStore> = match config.store {
            StoreKind::Disk => {
                let folder = data.join("files").join(service);
                std::fs::create_dir_all(&folder).with_context(|| format!("the folder '{}'", folder.display()))?;
                Arc::new(LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true))
            }
            StoreKind::S3 => s3::open(&config.s3, service)?,
        };
        Ok(Self { store, sources: sources.clone() })
    }

    /// Returns as soon as the storage answers. For those who can't begin without it; everybody else just tries.
    pub async fn wait(&self) {
        let mut tries = 0_u32;
        loop {
            let reason = match self.store.head(&Key::from("is-it-there")).await {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => return,
                Err(error) => error,
            };
            if tries.is_multiple_of(TOLD_EVERY) {
                tracing::warn!(%reason, "the file storage is waited for");
            }
            tries = tries.wrapping_add(1);
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Stores a file under a name nobody can guess anything from; storing it again replaces it. [`Error::Unavailable`]
    /// where the storage is away or does not let us in; the file may be there nevertheless.
    pub async fn put(&self, name: &str, content: &[u8]) -> Result<StoredFile, Error> {
        crash::point("file-before-store");
        let key = self.sources.random::<32>();
        let cipher = cipher(&key)?;
        let mut sealed = Vec::with_capacity(content.len() + (content.len() / PIECE + 1) * TAG);
        // Also of nothing there is one piece, so that nothing can't stand in the place of something.
        let pieces = if content.is_empty() { vec![content] } else { content.chunks(PIECE).collect() };
        let last = pieces.len().saturating_sub(1);
        for (index, piece) in pieces.into_iter().enumerate() {
            let mut body = piece.to_vec();
            cipher
                .seal_in_place_append_tag(nonce(index), Aad::from(place(index == last)), &mut body)
                .map_err(|_| failed("sealing"))?;
            sealed.extend(body);
        }
        self.store.put(&Key::from(name), PutPayload::from(sealed)).await.map_err(|error| away(&error))?;
        crash::point("file-after-store");
        Ok(StoredFile { key, size_bytes: content.len() as u64, sha256: crate::seal::digest(content) })
    }

    /// Reads a file back, whole and checked. [`Error::Unavailable`] where the storage is away or does not let us in,
    /// [`Error::Internal`] where the file is missing or not the one that was stored under this key.
    pub async fn get(&self, name: &str, key: &[u8; 32]) -> Result<Bytes, Error> {
        let found = async { self.store.get(&Key::from(name)).await?.bytes().await };
        let sealed = found.await.map_err(|error| {
            if matches!(error, object_store::Error::NotFound { .. }) {
                failed("a file is missing")
            } else {
                away(&error)
            }
        })?;
        if sealed.is_empty() {
            return Err(failed("a stored file is empty"));
        }
        let cipher = cipher(key)?;
        let mut content = Vec::with_capacity(sealed.len());
        let pieces = sealed.chunks(PIECE + TAG).collect::<Vec<_>>();
        let last = pieces.len().saturating_sub(1);
        for (index, piece) in pieces.into_iter().enumerate() {
            let mut body = piece.to_vec();
            let plain = cipher
                .open_in_place(nonce(index), Aad::from(place(index == last)), &mut body)
                .map_err(|_| failed("a stored file does not open"))?;
            content.extend_from_slice(plain);
        }
        Ok(content.into())
    }

    /// Removes a file; one that is gone already is no error.
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        match self.store.delete(&Key::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(&error)),
        }
    }
}

/// Each key seals one file only, so the piece's number is a nonce that never repeats.
fn nonce(index: usize) -> Nonce {
    let mut bytes = [0; 12];
    let (_, tail) = bytes.split_at_mut(4);
    tail.copy_from_slice(&(index as u64).to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

/// Marks the end, so that a file cut short does not open.
fn place(last: bool) -> &'static [u8] {
    if last { b"last" } else { b"more" }
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, Error> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| failed("key"))?))
}

fn failed(what: &str) -> Error {
    Error::Internal(anyhow::anyhow!("file store: {what}"))
}

fn away(error: &object_store::Error) -> Error {
    Error::Unavailable(format!("file store: {error}"))
}
