//! Hashing and checking passwords, a few at a time, off the async threads.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc::PasswordHash,
};
use chassis::{Context, Error};
use tokio::sync::Semaphore;

use crate::config::PasswordConfig;

pub(crate) struct Passwords {
    params: Params,
    pepper: [u8; 32],
    turns: Arc<Semaphore>,
    /// Checked when there is no account, so that the answer takes as long.
    nobody: String,
    sources: chassis::clock::Sources,
}

impl Passwords {
    pub(crate) fn new(config: &PasswordConfig, context: &Context) -> anyhow::Result<Self> {
        let params = Params::new(config.memory_kib, config.iterations, 1, None)
            .map_err(|error| anyhow::anyhow!("identity.password: {error}"))?;
        let pepper = *context.keys.pepper();
        let nobody = hash(&params, &pepper, "nobody", &context.sources.random::<16>())?;
        Ok(Self {
            params,
            pepper,
            turns: Arc::new(Semaphore::new(config.hashing_max)),
            nobody,
            sources: context.sources.clone(),
        })
    }

    pub(crate) async fn hash(&self, password: &str) -> Result<String, Error> {
        let (params, pepper, salt, password) =
            (self.params.clone(), self.pepper, self.sources.random::<16>(), password.to_owned());
        self.in_turn(move || hash(&params, &pepper, &password, &salt)).await
    }

    /// Whether the password fits the hash; without a hash it takes as long and never fits.
    pub(crate) async fn fits(&self, password: &str, stored: Option<String>) -> Result<bool, Error> {
        let known = stored.is_some();
        let (params, pepper, password) = (self.params.clone(), self.pepper, password.to_owned());
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let fits = self
            .in_turn(move || {
                let parsed = PasswordHash::new(&stored).map_err(|error| anyhow::anyhow!("stored hash: {error}"))?;
                Ok(hasher(&params, &pepper)?.verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(fits && known)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.turns.acquire().await.map_err(|error| Error::Internal(error.into()))?;
        let done = tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.into()))?;
        done.map_err(Error::Internal)
    }
}

fn hasher<'a>(params: &Params, pepper: &'a [u8; 32]) -> anyhow::Result<Argon2<'a>> {
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params.clone())
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))
}

fn hash(params: &Params, pepper: &[u8; 32], password: &str, salt: &[u8]) -> anyhow::Result<String> {
    let hashed = hasher(params, pepper)?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(hashed.to_string())
}
