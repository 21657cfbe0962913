//! Use-cases, one a file.

pub(crate) mod account_documents;
pub(crate) mod account_holders;
pub(crate) mod change_email;
pub(crate) mod change_password;
pub(crate) mod change_phone;
pub(crate) mod change_roles;
pub(crate) mod clients;
pub(crate) mod close_account;
pub(crate) mod consents;
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
pub(crate) mod set_team;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod signing;
pub(crate) mod slowing;
pub(crate) mod tokens;
pub(crate) mod update_account;
pub(crate) mod verify_email;

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chassis::{Context, Error, Tx, auth::permit, clock::Sources, consent::ConsentText};
use intake::{Intake, Limits};
use kernel::{AccountId, Actor, Role};
use tokio::sync::Notify;

use crate::{
    config::Config,
    domain::{account::Account, codes},
    store,
};

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    pub passwords: passwords::Passwords,
    pub intake: Intake,
    /// What whoever signs up consents to.
    pub consent: ConsentText,
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
        let consent = ConsentText::load(include_str!("../consent.toml"), &config.consent.file)?;
        Ok(Self {
            context,
            config,
            passwords,
            intake,
            consent,
            signing: signing::Signing::default(),
            wake: Arc::default(),
        })
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

/// Whose staff's accounts somebody manages.
pub(crate) enum Charge {
    /// An admin's: everybody's.
    All(AccountId),
    /// A supervisor's: the managers of his own team.
    Team(AccountId, String),
}

impl Charge {
    pub(crate) fn who(&self) -> AccountId {
        match self {
            Self::All(who) | Self::Team(who, _) => *who,
        }
    }

    /// Not found, where the account is not his to manage.
    pub(crate) fn over(&self, account: &Account) -> Result<(), Error> {
        match self {
            Self::All(_) => Ok(()),
            Self::Team(_, team) if account.team == *team && account.roles == [Role::Manager] => Ok(()),
            Self::Team(..) => Err(Error::NotFound),
        }
    }
}

/// An admin, or a supervisor who has a team, as the accounts say now.
pub(crate) async fn in_charge(tx: &Tx, ports: &Ports, actor: &Actor) -> Result<Charge, Error> {
    let who = permit::staff(actor, &[Role::Admin, Role::Supervisor])?;
    if actor.has_role(Role::Admin) {
        return admin(tx, ports, actor).await.map(Charge::All);
    }
    match store::by_id(&**tx, &ports.context.sealer, who).await {
        Ok(account) if account.disabled || !account.roles.contains(&Role::Supervisor) => Err(Error::Unauthenticated),
        Ok(account) if !account.team.is_empty() => Ok(Charge::Team(who, account.team)),
        Ok(_) | Err(Error::NotFound) => Err(Error::refuse(codes::TEAM_NONE)),
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
