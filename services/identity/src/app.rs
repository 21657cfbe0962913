//! Use-cases, one a file.

pub(crate) mod account_documents;
pub(crate) mod change_email;
pub(crate) mod change_password;
pub(crate) mod change_phone;
pub(crate) mod change_roles;
pub(crate) mod close_account;
pub(crate) mod disable_account;
pub(crate) mod enable_account;
pub(crate) mod end_account_sessions;
pub(crate) mod erase_closed;
pub(crate) mod forget;
pub(crate) mod invitation;
pub(crate) mod known_clients;
pub(crate) mod letters;
pub(crate) mod own_data;
pub(crate) mod passwords;
pub(crate) mod reset_password;
pub(crate) mod saved_answers;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod signing;
pub(crate) mod slowing;
pub(crate) mod tokens;
pub(crate) mod update_account;
pub(crate) mod verify_email;

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chassis::{Context, Error, Tx, auth::permit, clock::Sources};
use intake::{Intake, Limits};
use kernel::{AccountId, Actor, Role};
use tokio::sync::Notify;

use crate::{config::Config, store};

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    pub passwords: passwords::Passwords,
    pub intake: Intake,
    pub signing: signing::Signing,
    /// Wakes the worker that answers requests to reset a password.
    pub wake: Arc<Notify>,
}

impl Ports {
    pub(crate) fn new(context: Context, config: Config) -> anyhow::Result<Self> {
        let passwords = passwords::Passwords::new(&config.password, &context)?;
        let documents = &config.documents;
        let limits = Limits { pages: documents.pages_max, pixels: documents.megapixels_max * 1_000_000 };
        let intake = Intake::new(limits, &documents.scanner);
        Ok(Self { context, config, passwords, intake, signing: signing::Signing::default(), wake: Arc::default() })
    }
}

/// An admin whose account has neither been disabled nor lost the role since the token was given.
pub(crate) async fn admin(tx: &Tx, ports: &Ports, actor: &Actor) -> Result<AccountId, Error> {
    let admin = permit::staff(actor, &[Role::Admin])?;
    match store::by_id(&**tx, &ports.context.sealer, admin).await {
        Ok(account) if account.disabled || !account.roles.contains(&Role::Admin) => Err(Error::Unauthenticated),
        Ok(_) | Err(Error::NotFound) => Ok(admin),
        Err(error) => Err(error),
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
