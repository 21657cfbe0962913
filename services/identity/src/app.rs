//! Use-cases, one a file.

pub(crate) mod disable_account;
pub(crate) mod invitation;
pub(crate) mod passwords;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod signing;
pub(crate) mod tokens;
pub(crate) mod update_account;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chassis::{Context, clock::Sources};

use crate::config::Config;

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    pub passwords: passwords::Passwords,
    pub signing: signing::Signing,
}

impl Ports {
    pub(crate) fn new(context: Context, config: Config) -> anyhow::Result<Self> {
        let passwords = passwords::Passwords::new(&config.password, &context)?;
        Ok(Self { context, config, passwords, signing: signing::Signing::default() })
    }
}

/// A secret of 256 bits as text.
pub(crate) fn fresh_secret(sources: &Sources) -> String {
    URL_SAFE_NO_PAD.encode(sources.random::<32>())
}

/// What is stored of a secret.
pub(crate) fn secret_hash(secret: &str) -> Vec<u8> {
    chassis::seal::digest(secret.as_bytes())
}
