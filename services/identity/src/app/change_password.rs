//! Changes the own password.

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{AccountId, Actor, Violations};
use proto::identity::v1::ChangePasswordRequest;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, letters, sessions, sign_in, tokens};
use crate::{
    domain::{
        account::Account,
        codes,
        letter::LetterKind,
        password::{self, Owner},
    },
    store::{self, account},
};

/// Checks the old password and the new one, and hashes the new one, before any transaction.
pub(crate) async fn check(
    ports: &Ports,
    actor: &Actor,
    form: &ChangePasswordRequest,
) -> Result<(Account, String), Error> {
    let id = permit::user(actor)?;
    let (account, hash) = store::with_hash(ports.context.db.read(), &ports.context.sealer, id).await?;
    let mut faults = Violations::new();
    check_new(ports, &account, "new_password", &form.new_password, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into_refusal().into());
    }
    sign_in::prove(ports, &account, hash, &form.old_password, ("old_password", codes::PASSWORD_WRONG)).await?;
    Ok((account, ports.passwords.hash(&form.new_password).await?))
}

/// Links that a new password ends.
const ENDED: [LetterKind; 3] = [LetterKind::ResetPassword, LetterKind::AccountOpened, LetterKind::ChangeEmail];

/// The rules for a new password of an account that exists.
pub(crate) fn check_new(ports: &Ports, account: &Account, field: &str, password: &str, faults: &mut Violations) {
    let config = &ports.config.password;
    let length_min = if account.is_staff() { config.length_min_staff } else { config.length_min };
    let names = account.names();
    let owner = Owner { email: account.email.as_str(), names: &names };
    password::check(field, password, length_min, &owner, faults);
}

/// Changes it; whoever else is signed in with the old one is so no longer.
pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    proved: &Account,
    password_hash: String,
) -> Result<(), Error> {
    sign_in::unchanged(tx, ports, proved).await?;
    store(tx, ports, proved, password_hash, sessions::current(actor)).await?;
    audit::record(tx, &ports.context.sources, actor, "PASSWORD_CHANGED", proved.id, "").await
}

/// Stores a new password, ends the sessions but one, and writes to the owner.
pub(crate) async fn store(
    tx: &Tx,
    ports: &Ports,
    account: &Account,
    password_hash: String,
    session: Option<&str>,
) -> Result<(), Error> {
    let id: AccountId = account.id;
    account::Entity::update(account::ActiveModel {
        id: Set(id.to_string()),
        password_hash: Set(password_hash),
        version: Set(account.version + 1),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    sessions::end_all(tx, id, session).await?;
    tokens::end_all(tx, id).await?;
    letters::end_links(tx, &ports.context, id, &ENDED).await?;
    letters::write(tx, ports, account, LetterKind::PasswordChanged, &account.email).await
}
