//! The tests' own signing key, which services under test accept instead of identity's.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Actor;
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};

use crate::{
    auth::{KeySource, claims, ed25519},
    clock::Sources,
    error::Error,
};

const KEY_ID: &str = "test";
const TOKEN_SECONDS: i64 = 60;

/// Signs tokens for any actor and publishes the key that proves them.
#[derive(Clone)]
pub struct TestKeys {
    pkcs8: Arc<Vec<u8>>,
    sources: Sources,
}

impl TestKeys {
    pub fn new(sources: &Sources) -> Self {
        ed25519::install();
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self { pkcs8: Arc::new(pkcs8.as_ref().to_vec()), sources: sources.clone() }
    }

    /// A token good for a minute of the test's clock; nobody has none.
    pub fn token(&self, actor: &Actor) -> Option<String> {
        let claims = claims::Claims::new(actor, self.sources.now(), TOKEN_SECONDS, self.sources.uuid().to_string());
        claims.ok().map(|claims| claims::sign(&claims, KEY_ID, &self.pkcs8).unwrap())
    }
}

#[async_trait::async_trait]
impl KeySource for TestKeys {
    async fn fetch(&self) -> Result<String, Error> {
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&self.pkcs8).unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        Ok(serde_json::json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": KEY_ID, "x": x }] }).to_string())
    }
}
