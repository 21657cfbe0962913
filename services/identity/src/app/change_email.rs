//! The account's address is changed by a link in a letter to the new one; the old one is told.

use chassis::{Error, Tx, auth::permit};
use kernel::{Actor, Email};
use proto::identity::v1::RequestEmailChangeRequest;

use super::{Ports, letters, sign_in, verify_email};
use crate::{
    domain::{account::Account, codes, letter::LetterKind},
    store,
};

/// Checks the form and the own password, before any transaction.
pub(crate) async fn check(
    ports: &Ports,
    actor: &Actor,
    form: &RequestEmailChangeRequest,
) -> Result<(Account, Email), Error> {
    let id = permit::user(actor)?;
    let email = Email::parse(&form.email).map_err(|_| Error::at("email", kernel::codes::EMAIL_MALFORMED))?;
    let (account, hash) = store::with_hash(ports.context.db.read(), &ports.context.sealer, id).await?;
    if account.email.key() == email.key() {
        return Err(Error::at("email", codes::EMAIL_UNCHANGED));
    }
    sign_in::prove(ports, &account, hash, &form.password, ("password", codes::PASSWORD_WRONG)).await?;
    Ok((account, email))
}

/// Asks for the letter. One to an address that is in use is never mailed, and nothing tells so here.
pub(crate) async fn request(tx: &Tx, ports: &Ports, proved: &Account, email: &Email) -> Result<(), Error> {
    sign_in::unchanged(tx, ports, proved).await?;
    letters::count(tx, ports, email, "").await?;
    letters::write(tx, ports, proved, LetterKind::ChangeEmail, email).await
}

/// Follows the link.
pub(crate) async fn confirm(tx: &Tx, ports: &Ports, actor: &Actor, token: &str) -> Result<(), Error> {
    let context = &ports.context;
    let link = letters::find(&**tx, context, LetterKind::ChangeEmail, token).await?;
    verify_email::refuse_another(actor, &link.account)?;
    let link = letters::consume(tx, context, LetterKind::ChangeEmail, token).await?;
    let former = link.account.email.clone();
    let account = verify_email::mark(tx, ports, link.account, &link.email).await?;
    // Links at the former address are not the owner's any more.
    letters::end_links(tx, context, account.id, &[LetterKind::VerifyEmail, LetterKind::ResetPassword]).await?;
    letters::write(tx, ports, &account, LetterKind::EmailChanged, &former).await
}
