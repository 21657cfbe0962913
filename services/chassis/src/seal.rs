//! Personal data at rest: AES-256-GCM bound to its place (table, column, row), blind indexes for search, and the
//! keys themselves.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path, sync::Arc};

use anyhow::{Context as _, bail, ensure};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{SHA256, digest as sha256},
    hkdf, hmac,
};

use crate::{clock::Sources, error::Error};

/// Format of a sealed value: version, key number, nonce, ciphertext with tag.
const VERSION: u8 = 1;
const KEY_NUMBER: u8 = 1;

/// SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> Vec<u8> {
    sha256(&SHA256, bytes).as_ref().to_vec()
}

/// The portal's root keys, from files of mode 0600.
#[derive(Clone)]
pub struct KeyRing {
    key_encryption: Arc<[u8; 32]>,
    blind_index: Arc<[u8; 32]>,
    pepper: Arc<[u8; 32]>,
    cookie: Arc<[u8; 32]>,
    system: Arc<[u8; 32]>,
}

const FILES: [&str; 5] = ["key-encryption.key", "blind-index.key", "pepper.key", "cookie.key", "system.key"];

impl KeyRing {
    /// Reads the keys; makes them only where there is no data yet that would need the old ones.
    pub fn open(folder: &Path, data_exists: bool, sources: &Sources) -> anyhow::Result<Self> {
        let missing: Vec<&str> = FILES.into_iter().filter(|file| !folder.join(file).exists()).collect();
        if !missing.is_empty() {
            if data_exists {
                bail!(
                    "{} of {} missing, but there is data that was sealed with it: put the keys back, or start with \
                     another data directory",
                    missing.join(", "),
                    folder.display()
                );
            }
            fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
            for file in missing {
                let mut made =
                    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(file))?;
                made.write_all(hex::encode(sources.random::<32>()).as_bytes())?;
                made.sync_all()?;
            }
            fs::File::open(folder)?.sync_all()?;
        }
        let read = |file: &str| -> anyhow::Result<Arc<[u8; 32]>> {
            let text = fs::read_to_string(folder.join(file)).with_context(|| format!("reading {file}"))?;
            let bytes = hex::decode(text.trim()).with_context(|| format!("{file} is no hexadecimal text"))?;
            ensure!(bytes.len() == 32, "{file} holds no 32 bytes");
            Ok(Arc::new(bytes.try_into().unwrap_or([0; 32])))
        };
        let [key_encryption, blind_index, pepper, cookie, system] = FILES;
        Ok(Self {
            key_encryption: read(key_encryption)?,
            blind_index: read(blind_index)?,
            pepper: read(pepper)?,
            cookie: read(cookie)?,
            system: read(system)?,
        })
    }

    /// Seals and indexes for one service.
    pub fn sealer(&self, service: &str, sources: &Sources) -> anyhow::Result<Sealer> {
        Ok(Sealer {
            key: Arc::new(aead_key(&derive(&self.key_encryption, service)?)?),
            index: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &derive(&self.blind_index, service)?)),
            sources: sources.clone(),
        })
    }

    /// Mixed into every password hash.
    pub fn pepper(&self) -> &[u8; 32] {
        &self.pepper
    }

    /// Signs the gateway's form tokens and seals its fields.
    pub fn cookie(&self) -> &[u8; 32] {
        &self.cookie
    }

    /// The secret by which a service shows identity that it is itself.
    pub fn system_secret(&self, service: &str) -> String {
        hex::encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*self.system), service.as_bytes()).as_ref())
    }
}

fn derive(root: &[u8; 32], purpose: &str) -> anyhow::Result<[u8; 32]> {
    let mut key = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"portal")
        .extract(root)
        .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|material| material.fill(&mut key))
        .map_err(|_| anyhow::anyhow!("deriving the key for {purpose}"))?;
    Ok(key)
}

fn aead_key(bytes: &[u8; 32]) -> anyhow::Result<LessSafeKey> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| anyhow::anyhow!("no AES key"))?))
}

/// Seals values of one service. Cheap to clone.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<LessSafeKey>,
    index: Arc<hmac::Key>,
    sources: Sources,
}

impl Sealer {
    /// Seals `plain` for one place; it opens only there. `place` is `table/column/row`.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = self.sources.random::<NONCE_LEN>();
        let mut sealed = Vec::with_capacity(2 + NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend([VERSION, KEY_NUMBER]);
        sealed.extend(nonce);
        let mut body = plain.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut body)
            .map_err(|_| Error::Internal(anyhow::anyhow!("sealing {place}")))?;
        sealed.extend(body);
        Ok(sealed)
    }

    /// Opens what was sealed for `place`.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let failed = || Error::Internal(anyhow::anyhow!("a sealed value does not open at {place}"));
        let (head, rest) = sealed.split_at_checked(2).ok_or_else(failed)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or_else(failed)?;
        if head != [VERSION, KEY_NUMBER] {
            return Err(failed());
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed())?;
        let mut body = body.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from(place), &mut body).map_err(|_| failed())?;
        Ok(plain.to_vec())
    }

    pub fn seal_text(&self, place: &str, plain: &str) -> Result<Vec<u8>, Error> {
        self.seal(place, plain.as_bytes())
    }

    pub fn open_text(&self, place: &str, sealed: &[u8]) -> Result<String, Error> {
        String::from_utf8(self.open(place, sealed)?).map_err(|error| Error::Internal(error.into()))
    }

    /// An index over a sealed value: equal values have equal indexes, and nothing else can be told from it.
    pub fn blind_index(&self, field: &str, value: &str) -> Vec<u8> {
        let mut message = Vec::with_capacity(field.len() + 1 + value.len());
        message.extend(field.as_bytes());
        message.push(0);
        message.extend(value.as_bytes());
        hmac::sign(&self.index, &message).as_ref().iter().copied().take(16).collect()
    }
}
