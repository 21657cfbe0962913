//! An owner closes his account. What is open with the centre goes on there; here everything ends.

use chassis::{Error, Tx, audit, auth::permit};
use kernel::Actor;
use proto::identity::v1::CloseAccountRequest;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, account_documents, consents, letters, saved_answers, sessions, sign_in, tokens};
use crate::{
    domain::{account::Account, codes, letter::LetterKind},
    store::{self, account},
};

/// Checks who it is and the own password, before any transaction.
pub(crate) async fn check(ports: &Ports, actor: &Actor, form: &CloseAccountRequest) -> Result<Account, Error> {
    let id = permit::user(actor)?;
    let (account, hash) = store::with_hash(ports.context.db.read(), &ports.context.sealer, id).await?;
    if account.disabled {
        return Err(Error::Unauthenticated);
    }
    // Staff's names stand on cases, and the portal must not lose its last admin.
    if account.is_staff() {
        return Err(Error::refuse(codes::STAFF_ACCOUNT));
    }
    sign_in::prove(ports, &account, hash, &form.password, ("password", codes::PASSWORD_WRONG)).await?;
    Ok(account)
}

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, proved: &Account) -> Result<(), Error> {
    let context = &ports.context;
    sign_in::unchanged(tx, ports, proved).await?;
    account::Entity::update(account::ActiveModel {
        id: Set(proved.id.to_string()),
        closed_at: Set(Some(context.sources.now().micros())),
        version: Set(proved.version + 1),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    sessions::end_all(tx, proved.id, None).await?;
    tokens::end_all(tx, proved.id).await?;
    consents::withdraw(tx, ports, proved.id).await?;
    saved_answers::erase(tx, proved.id).await?;
    account_documents::take_away(tx, proved.id, None).await?;
    let links =
        [LetterKind::VerifyEmail, LetterKind::ResetPassword, LetterKind::AccountOpened, LetterKind::ChangeEmail];
    letters::end_links(tx, context, proved.id, &links).await?;
    letters::write(tx, ports, proved, LetterKind::AccountClosed, &proved.email).await?;
    audit::record(tx, &context.sources, actor, "ACCOUNT_CLOSED", proved.id, "").await
}
