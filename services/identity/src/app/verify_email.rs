//! An address is verified by a link in a letter to it.

use chassis::{Error, Tx, audit, auth::permit, outbox::Outbox};
use kernel::{Actor, Email};
use proto::identity::v1::EmailVerified;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, letters};
use crate::{
    domain::{account::Account, codes, letter::LetterKind},
    store::{self, account},
};

/// Asks for another letter.
pub(crate) async fn request(tx: &Tx, ports: &Ports, actor: &Actor) -> Result<(), Error> {
    let id = permit::user(actor)?;
    let account = store::by_id(&**tx, &ports.context.sealer, id).await?;
    if account.email_verified {
        return Err(Error::refuse(codes::EMAIL_ALREADY_VERIFIED));
    }
    letters::count(tx, ports, &account.email, "").await?;
    letters::write(tx, ports, &account, LetterKind::VerifyEmail, &account.email).await
}

/// Follows the link. Somebody else who is signed in would verify an account that he does not see, so he may not.
pub(crate) async fn verify(tx: &Tx, ports: &Ports, actor: &Actor, token: &str) -> Result<(), Error> {
    let context = &ports.context;
    let link = letters::find(&**tx, context, LetterKind::VerifyEmail, token).await?;
    refuse_another(actor, &link.account)?;
    let link = letters::consume(tx, context, LetterKind::VerifyEmail, token).await?;
    let email = link.account.email.clone();
    mark(tx, ports, link.account, &email).await?;
    Ok(())
}

/// A link is for its account, or for nobody in particular.
pub(crate) fn refuse_another(actor: &Actor, account: &Account) -> Result<(), Error> {
    match actor.account() {
        Some(other) if other != account.id => Err(Error::refuse(codes::LINK_UNKNOWN)),
        Some(_) | None => Ok(()),
    }
}

/// The account has this address from now on, and it is verified.
pub(crate) async fn mark(tx: &Tx, ports: &Ports, before: Account, email: &Email) -> Result<Account, Error> {
    let context = &ports.context;
    let after = Account { email: email.clone(), email_verified: true, version: before.version + 1, ..before };
    let id = after.id.to_string();
    account::Entity::update(account::ActiveModel {
        email_sealed: Set(context.sealer.seal_text(&store::place("email_sealed", &id), email.as_str())?),
        email_index: Set(store::email_index(&context.sealer, email)),
        email_verified_at: Set(Some(context.sources.now().micros())),
        version: Set(after.version),
        id: Set(id.clone()),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    let actor = Actor::User { account: after.id, roles: after.roles.clone(), session: None };
    audit::record(tx, &context.sources, &actor, "EMAIL_VERIFIED", after.id, "").await?;
    Outbox::new(tx, &context.sources, context.service, after.id, after.version)
        .append(&EmailVerified { account_id: id })
        .await?;
    Ok(after)
}
