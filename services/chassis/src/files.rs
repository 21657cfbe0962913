//! Files at rest: pieces of 64 KiB, each sealed with the file's own key and bound to its place, so that none can be
//! swapped, dropped or added unseen. What the store holds tells nothing of name or content.

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem, path::Path as Key};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::{clock::Sources, crash, error::Error};

/// Plain bytes in one sealed piece.
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;

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
    /// Files in a folder of their own.
    pub fn on_disk(folder: &Path, sources: &Sources) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), sources: sources.clone() })
    }

    /// Stores a file under a name nobody can guess anything from.
    pub async fn put(&self, name: &str, content: &[u8]) -> Result<StoredFile, Error> {
        crash::point("file-before-store");
        let key = self.sources.random::<32>();
        let cipher = cipher(&key)?;
        let mut sealed = Vec::with_capacity(content.len() + (content.len() / PIECE + 1) * TAG);
        let pieces = content.chunks(PIECE).collect::<Vec<_>>();
        let last = pieces.len().saturating_sub(1);
        for (index, piece) in pieces.into_iter().enumerate() {
            let mut body = piece.to_vec();
            cipher
                .seal_in_place_append_tag(nonce(index), Aad::from(place(index == last)), &mut body)
                .map_err(|_| failed("sealing"))?;
            sealed.extend(body);
        }
        self.store.put(&Key::from(name), PutPayload::from(sealed)).await.map_err(away)?;
        crash::point("file-after-store");
        Ok(StoredFile { key, size_bytes: content.len() as u64, sha256: crate::seal::digest(content) })
    }

    /// Reads a file back, whole and checked.
    pub async fn get(&self, name: &str, key: &[u8; 32]) -> Result<Bytes, Error> {
        let sealed = self.store.get(&Key::from(name)).await.map_err(away)?.bytes().await.map_err(away)?;
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
            Err(error) => Err(away(error)),
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

fn away(error: object_store::Error) -> Error {
    if matches!(error, object_store::Error::NotFound { .. }) {
        failed("a file is missing")
    } else {
        Error::Unavailable(format!("file store: {error}"))
    }
}
