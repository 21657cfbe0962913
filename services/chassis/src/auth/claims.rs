//! What an access token says, how it is signed and how it is checked.

use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation};
use kernel::{AccountId, Actor, Role, Scope, ServiceAccountId, Time};
use serde::{Deserialize, Serialize};

use super::Keys;
use crate::error::Error;

/// Clocks of machines may differ by this much.
const LEEWAY_SECONDS: i64 = 30;
const AUDIENCE: &str = "portal";

/// The claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// `acc_…`, `svc_…` or `system:<service>`.
    pub sub: String,
    pub aud: String,
    /// Seconds since 1970.
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Handle of the browser session, never the cookie's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}

impl Claims {
    /// Claims for `actor`, good for `seconds` from `now`.
    pub fn new(actor: &Actor, now: Time, seconds: i64, jti: String) -> Result<Self, Error> {
        let (sub, roles, scopes, sid) = match actor {
            Actor::User { account, roles, session } => {
                (account.to_string(), roles.clone(), Vec::new(), session.clone())
            }
            Actor::ServiceAccount { id, scopes } => (id.to_string(), Vec::new(), scopes.clone(), None),
            Actor::System { service, .. } => (format!("system:{service}"), Vec::new(), Vec::new(), None),
            Actor::Anonymous => return Err(Error::Unauthenticated),
        };
        let iat = now.micros() / 1_000_000;
        Ok(Self {
            sub,
            aud: AUDIENCE.to_owned(),
            iat,
            exp: iat + seconds,
            jti,
            roles: roles.iter().map(|role| role.code().to_owned()).collect(),
            scopes: scopes.iter().map(|scope| scope.code().to_owned()).collect(),
            sid,
        })
    }

    fn actor(&self) -> Option<Actor> {
        if let Some(service) = self.sub.strip_prefix("system:") {
            return Some(Actor::System { service: service.to_owned(), cause: "call".to_owned() });
        }
        if let Ok(id) = self.sub.parse::<ServiceAccountId>() {
            let scopes = self.scopes.iter().map(|scope| scope.parse::<Scope>().ok()).collect::<Option<_>>()?;
            return Some(Actor::ServiceAccount { id, scopes });
        }
        Some(Actor::User {
            account: self.sub.parse::<AccountId>().ok()?,
            roles: self.roles.iter().map(|role| role.parse::<Role>().ok()).collect::<Option<_>>()?,
            session: self.sid.clone(),
        })
    }
}

/// Signs claims with a PKCS#8 Ed25519 key.
pub fn sign(claims: &Claims, key_id: &str, pkcs8: &[u8]) -> Result<String, Error> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(key_id.to_owned());
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(pkcs8))
        .map_err(|error| Error::Internal(error.into()))
}

/// The actor of a good token, and until when it is good. The algorithm is fixed, whatever the token says.
pub(super) async fn verify(token: &str, keys: &Keys, now: Time) -> Result<(Actor, Time), Error> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Error::Unauthenticated)?;
    let key = keys.get(header.kid.as_deref().unwrap_or_default()).await?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    // The injected clock decides, below.
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|_| Error::Unauthenticated)?.claims;
    let seconds = now.micros() / 1_000_000;
    if claims.exp + LEEWAY_SECONDS < seconds || claims.iat - LEEWAY_SECONDS > seconds {
        return Err(Error::Unauthenticated);
    }
    let actor = claims.actor().ok_or(Error::Unauthenticated)?;
    Ok((actor, Time::from_micros((claims.exp + LEEWAY_SECONDS) * 1_000_000)))
}
