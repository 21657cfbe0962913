//! The token in each form: an HMAC of the session (or of the anonymous visitor), so that a page of another site, or a form of another
//! session, cannot post.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::hmac;

pub struct FormKey(hmac::Key);

impl FormKey {
    pub fn new(cookie_key: &[u8]) -> Self {
        // A key of its own, so that the cookie key may serve other ends too.
        let root = hmac::Key::new(hmac::HMAC_SHA256, cookie_key);
        let derived = hmac::sign(&root, b"portal form token");
        Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }

    /// The token of a holder (session or visitor id).
    pub fn token(&self, holder: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, holder.as_bytes()))
    }

    /// True when the token is the holder's own; compared in constant time.
    pub fn accepts(&self, holder: &str, token: &str) -> bool {
        BASE64_URL_SAFE_NO_PAD.decode(token).is_ok_and(|tag| hmac::verify(&self.0, holder.as_bytes(), &tag).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_holder_only() {
        let key = FormKey::new(&[7; 32]);
        let token = key.token("session-a");
        assert!(key.accepts("session-a", &token));
        assert!(!key.accepts("session-b", &token));
        assert!(!key.accepts("session-a", ""));
        assert!(!FormKey::new(&[8; 32]).accepts("session-a", &token));
    }
}
