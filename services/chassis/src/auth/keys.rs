//! Identity's public keys: fetched when first needed, again when a token names an unknown one, and kept.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use proto::identity::v1::{GetKeysRequest, identity_client::IdentityClient};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::{dial::Dialer, error::Error};

/// An unknown key id makes us ask again, but not more often than this.
const REFETCH_PAUSE: Duration = Duration::from_secs(2);

/// Where public keys come from.
#[async_trait::async_trait]
pub trait KeySource: Send + Sync {
    /// The JSON Web Key Set.
    async fn fetch(&self) -> Result<String, Error>;
}

/// Asks identity.
pub struct RemoteKeys(pub Dialer);

#[async_trait::async_trait]
impl KeySource for RemoteKeys {
    async fn fetch(&self) -> Result<String, Error> {
        let mut request = tonic::Request::new(GetKeysRequest {});
        request.set_timeout(Duration::from_secs(2));
        let answer = IdentityClient::new(self.0.channel("identity")?)
            .get_keys(request)
            .await
            .map_err(|status| crate::status::into_error(&status))?;
        Ok(answer.into_inner().jwks)
    }
}

/// Keys by their id.
pub struct Keys {
    source: Arc<dyn KeySource>,
    known: RwLock<HashMap<String, Arc<DecodingKey>>>,
    fetched: Mutex<Option<Instant>>,
}

impl Keys {
    pub(super) fn new(source: Arc<dyn KeySource>) -> Self {
        Self { source, known: RwLock::default(), fetched: Mutex::new(None) }
    }

    pub(super) async fn get(&self, id: &str) -> Result<Arc<DecodingKey>, Error> {
        if let Some(key) = self.cached(id) {
            return Ok(key);
        }
        let mut fetched = self.fetched.lock().await;
        if let Some(key) = self.cached(id) {
            return Ok(key);
        }
        #[expect(clippy::disallowed_methods, reason = "a pause is measured by the monotonic clock")]
        let now = Instant::now();
        if fetched.is_none_or(|last| now.duration_since(last) >= REFETCH_PAUSE) {
            let keys = parse(&self.source.fetch().await?)?;
            *self.known.write().unwrap_or_else(PoisonError::into_inner) = keys;
            *fetched = Some(now);
        }
        self.cached(id).ok_or(Error::Unauthenticated)
    }

    fn cached(&self, id: &str) -> Option<Arc<DecodingKey>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    kid: String,
    /// Base64url of the 32 bytes of an Ed25519 public key.
    x: String,
}

fn parse(document: &str) -> Result<HashMap<String, Arc<DecodingKey>>, Error> {
    let set: KeySet = serde_json::from_str(document).map_err(|error| Error::Internal(error.into()))?;
    set.keys
        .into_iter()
        .map(|key| {
            let public = URL_SAFE_NO_PAD.decode(&key.x).map_err(|error| Error::Internal(error.into()))?;
            Ok((key.kid, Arc::new(DecodingKey::from_ed_der(&public))))
        })
        .collect()
}
