//! What was typed into a page whose session had ended: it comes back as a sealed field of the sign-in page, bound to the
//! account it was typed by, and is offered again after that account has signed in. Nobody else can read or change it.
//! The same key seals the links to files, which end by themselves.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chassis::clock::Sources;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::fields::Fields;

/// Name of the hidden field with the sealed post.
pub const KEPT: &str = "kept";
/// Name of the hidden field that tells, sealed, whose page it is.
pub const OWNER: &str = "form_owner";
/// Name of the parameter of a link to a file.
pub const LINK: &str = "pass";
/// Longer ago than this, it is no longer offered: microseconds.
const AGE_MAX_MICROS: i64 = 24 * 3600 * 1_000_000;

/// A post that could not be taken because nobody was signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// Account whose page it was.
    pub account: String,
    /// Where it was posted to.
    pub path: String,
    pub fields: Vec<(String, String)>,
    /// UTC microseconds.
    pub at: i64,
}

/// Seals and opens; a key of its own, made from the cookie key.
pub struct KeptKey(LessSafeKey);

impl KeptKey {
    pub fn new(cookie_key: &[u8]) -> anyhow::Result<Self> {
        let root = hmac::Key::new(hmac::HMAC_SHA256, cookie_key);
        let derived = hmac::sign(&root, b"portal kept post");
        let key = UnboundKey::new(&AES_256_GCM, derived.as_ref()).map_err(|_| anyhow::anyhow!("no AES key"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Whose page a form is on.
    pub fn seal_owner(&self, sources: &Sources, account: &str) -> String {
        self.seal(sources, OWNER, account.as_bytes()).unwrap_or_default()
    }

    pub fn open_owner(&self, sealed: &str) -> Option<String> {
        String::from_utf8(self.open(OWNER, sealed)?).ok()
    }

    pub fn seal_post(&self, sources: &Sources, kept: &Kept) -> Option<String> {
        self.seal(sources, KEPT, &serde_json::to_vec(kept).ok()?)
    }

    /// The post, if it is this account's and not too old.
    pub fn open_post(&self, sealed: &str, account: &str, now: i64) -> Option<Kept> {
        let kept: Kept = serde_json::from_slice(&self.open(KEPT, sealed)?).ok()?;
        (kept.account == account && now.saturating_sub(kept.at) < AGE_MAX_MICROS).then_some(kept)
    }

    /// What a link to a file carries: it opens that file for this account until then (UTC microseconds).
    pub fn seal_link(&self, sources: &Sources, account: &str, path: &str, until: i64) -> String {
        self.seal(sources, LINK, format!("{until} {account} {path}").as_bytes()).unwrap_or_default()
    }

    pub fn link_holds(&self, sealed: &str, account: &str, path: &str, now: i64) -> bool {
        let Some(plain) = self.open(LINK, sealed).and_then(|plain| String::from_utf8(plain).ok()) else {
            return false;
        };
        let mut parts = plain.splitn(3, ' ');
        let until = parts.next().and_then(|until| until.parse().ok()).unwrap_or(i64::MIN);
        parts.next() == Some(account) && parts.next() == Some(path) && now < until
    }

    fn seal(&self, sources: &Sources, purpose: &str, plain: &[u8]) -> Option<String> {
        let nonce = sources.random::<NONCE_LEN>();
        let mut body = plain.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(unique, Aad::from(purpose.as_bytes()), &mut body).ok()?;
        Some(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &body].concat()))
    }

    fn open(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, body) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = body.to_vec();
        Some(self.0.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body).ok()?.to_vec())
    }
}

impl Kept {
    /// The typed fields, without those that belonged to the ended session.
    pub fn typed(fields: &Fields) -> Vec<(String, String)> {
        let own = [crate::posted::TOKEN, crate::posted::KEY, OWNER];
        fields
            .pairs()
            .filter(|(name, _)| !own.contains(name))
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_post_opens_for_its_account_only_and_for_a_day() {
        let (key, sources) = (KeptKey::new(&[7; 32]).unwrap(), Sources::system());
        let fields = vec![("surname".to_owned(), "Әлия".to_owned())];
        let kept = Kept { account: "acc_1".to_owned(), path: "/account".to_owned(), fields, at: 1_000_000 };
        let sealed = key.seal_post(&sources, &kept).unwrap();
        assert_eq!(key.open_post(&sealed, "acc_1", 2_000_000).unwrap().fields, kept.fields);
        assert!(key.open_post(&sealed, "acc_2", 2_000_000).is_none());
        assert!(key.open_post(&sealed, "acc_1", 1_000_000 + AGE_MAX_MICROS).is_none());
        assert!(key.open_owner(&sealed).is_none(), "one purpose's seal opens for another");
        assert!(KeptKey::new(&[8; 32]).unwrap().open_post(&sealed, "acc_1", 2_000_000).is_none());
        assert_eq!(key.open_owner(&key.seal_owner(&sources, "acc_1")).as_deref(), Some("acc_1"));
    }

    #[test]
    fn a_link_opens_one_file_for_one_account_until_its_end() {
        let (key, sources) = (KeptKey::new(&[7; 32]).unwrap(), Sources::system());
        let link = key.seal_link(&sources, "acc_1", "/a b/1", 10);
        assert!(key.link_holds(&link, "acc_1", "/a b/1", 9));
        assert!(!key.link_holds(&link, "acc_1", "/a b/1", 10), "held past its end");
        assert!(!key.link_holds(&link, "acc_1", "/a b/2", 9) && !key.link_holds(&link, "acc_2", "/a b/1", 9));
        assert!(!key.link_holds("", "acc_1", "/a b/1", 9));
        assert!(!key.link_holds(&key.seal_owner(&sources, "20 acc_1 /a b/1"), "acc_1", "/a b/1", 9));
    }
}
