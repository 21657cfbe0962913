//! Signing keys: made, rotated, published; the private half lives sealed.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chassis::{Context, Error, auth::claims};
use kernel::Actor;
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::store::signing_key;

/// A new key is made when the newest is this old; old ones are published until their tokens are long gone.
const ROTATED_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);
const PUBLISHED_FOR: Duration = Duration::from_secs(31 * 24 * 3600);

struct Key {
    id: String,
    pkcs8: Vec<u8>,
}

/// The key in use and the published set.
#[derive(Default)]
pub(crate) struct Signing {
    current: RwLock<Option<Arc<Key>>>,
    jwks: RwLock<String>,
}

impl Signing {
    /// Makes a key when there is none or the newest is old; loads what is stored. Tells how many were made.
    pub(crate) async fn ensure(&self, context: &Context) -> Result<u64, Error> {
        let now = context.sources.now();
        let newest =
            signing_key::Entity::find().order_by_desc(signing_key::Column::CreatedAt).one(context.db.read()).await?;
        let stale = newest.is_none_or(|key| key.created_at < now.minus(ROTATED_AFTER).micros());
        if stale {
            self.make(context).await?;
        }
        self.load(context).await?;
        Ok(0)
    }

    async fn make(&self, context: &Context) -> Result<(), Error> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| Error::Internal(anyhow::anyhow!("no signing key could be made")))?;
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref())
            .map_err(|_| Error::Internal(anyhow::anyhow!("a signing key could not be read back")))?;
        let id = context.sources.uuid().simple().to_string();
        let row = signing_key::ActiveModel {
            pkcs8_sealed: Set(context.sealer.seal(&place(&id), pkcs8.as_ref())?),
            public: Set(pair.public_key().as_ref().to_vec()),
            created_at: Set(context.sources.now().micros()),
            id: Set(id),
        };
        context
            .db
            .write(move |tx| async move {
                signing_key::Entity::insert(row).exec_without_returning(&*tx).await?;
                Ok::<_, Error>(())
            })
            .await
    }

    async fn load(&self, context: &Context) -> Result<(), Error> {
        let since = context.sources.now().minus(PUBLISHED_FOR).micros();
        let rows = signing_key::Entity::find()
            .filter(signing_key::Column::CreatedAt.gte(since))
            .order_by_desc(signing_key::Column::CreatedAt)
            .all(context.db.read())
            .await?;
        let keys: Vec<_> = rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                    "kid": row.id, "x": URL_SAFE_NO_PAD.encode(&row.public),
                })
            })
            .collect();
        *self.jwks.write().unwrap_or_else(PoisonError::into_inner) = serde_json::json!({ "keys": keys }).to_string();
        let newest = rows.first().ok_or_else(|| Error::Internal(anyhow::anyhow!("there is no signing key")))?;
        let pkcs8 = context.sealer.open(&place(&newest.id), &newest.pkcs8_sealed)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Arc::new(Key { id: newest.id.clone(), pkcs8 }));
        Ok(())
    }

    /// The published set.
    pub(crate) fn jwks(&self) -> String {
        self.jwks.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs an access token for `actor`.
    pub(crate) fn sign(&self, context: &Context, actor: &Actor, seconds: u32) -> Result<String, Error> {
        let key = self
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| Error::Unavailable("no signing key is loaded".to_owned()))?;
        let jti = context.sources.uuid().simple().to_string();
        let claims = claims::Claims::new(actor, context.sources.now(), i64::from(seconds), jti)?;
        claims::sign(&claims, &key.id, &key.pkcs8)
    }
}

fn place(id: &str) -> String {
    format!("signing_key/pkcs8_sealed/{id}")
}
