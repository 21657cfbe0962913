//! Who is calling: verifies access tokens against identity's published keys and makes the [`Actor`].

pub mod claims;
pub mod ed25519;
mod keys;
pub mod permit;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::{Actor, Time};
use tonic::metadata::MetadataMap;

pub use keys::{KeySource, Keys, RemoteKeys};

use crate::{clock::Sources, error::Error};

/// Verified tokens remembered at most; they live for a minute.
const REMEMBERED_MAX: usize = 10_000;

/// Checks tokens. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    keys: Arc<Keys>,
    sources: Sources,
    verified: Arc<Mutex<HashMap<String, (Actor, Time)>>>,
}

impl Auth {
    pub fn new(source: Arc<dyn KeySource>, sources: Sources) -> Self {
        Self { keys: Arc::new(Keys::new(source)), sources, verified: Arc::default() }
    }

    /// The caller behind a request's metadata; none given is [`Actor::Anonymous`], a bad one is an error.
    pub async fn actor(&self, metadata: &MetadataMap) -> Result<Actor, Error> {
        let Some(header) = metadata.get("authorization") else { return Ok(Actor::Anonymous) };
        let token = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).ok_or(Error::Unauthenticated)?;
        let now = self.sources.now();
        if let Some((actor, good_until)) = self.remembered().get(token)
            && *good_until > now
        {
            return Ok(actor.clone());
        }
        let (actor, good_until) = claims::verify(token, &self.keys, now).await?;
        let mut verified = self.remembered();
        if verified.len() >= REMEMBERED_MAX {
            verified.retain(|_, (_, good_until)| *good_until > now);
        }
        if verified.len() < REMEMBERED_MAX {
            verified.insert(token.to_owned(), (actor.clone(), good_until));
        }
        Ok(actor)
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Actor, Time)>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
