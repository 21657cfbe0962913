//! Clients at the desk: staff find a client's account by his exact address, or open one for him. Whoever works at the desk may
//! know whether there is an account, so the answer is plain; each look is counted and recorded.

use std::sync::Arc;

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{AccountId, Actor, Email, Role};
use proto::identity::v1::{FindClientRequest, OpenClientAccountRequest, SignUpRequest};

use super::{
    Ports, consents, fresh_secret, sign_up,
    slowing::{self, Subject},
};
use crate::{
    domain::{account::Account, codes, letter::LetterKind},
    store,
};

const DESK: [Role; 2] = [Role::Manager, Role::Supervisor];

/// An applicant's account that is open.
pub(crate) async fn find(ports: &Arc<Ports>, actor: &Actor, asked: &FindClientRequest) -> Result<Account, Error> {
    let who = permit::staff(actor, &DESK)?;
    let (db, sealer) = (ports.context.db.read(), &ports.context.sealer);
    let is_client = |account: &Account| !account.disabled && account.roles == [Role::Applicant];
    if !asked.account_id.is_empty() {
        let id: AccountId = asked.account_id.parse().map_err(|_| Error::NotFound)?;
        return Some(store::by_id(db, sealer, id).await?).filter(is_client).ok_or(Error::NotFound);
    }
    let email = Email::parse(&asked.email).map_err(|_| Error::at("email", kernel::codes::EMAIL_MALFORMED))?;
    count(ports, who).await?;
    let found = store::by_email(db, sealer, &email).await?.map(|(account, _)| account).filter(is_client);
    let account = found.ok_or_else(|| Error::at("email", codes::CLIENT_UNKNOWN))?;
    let (sources, actor, id) = (ports.context.sources.clone(), actor.clone(), account.id);
    let write = ports
        .context
        .db
        .write(move |tx| async move { audit::record(&tx, &sources, &actor, "CLIENT_LOOKED_UP", id, "").await });
    write.await?;
    Ok(account)
}

async fn count(ports: &Arc<Ports>, who: AccountId) -> Result<(), Error> {
    let subject = Subject::new(ports, "client-search", &who.to_string(), &ports.config.client_search);
    let subjects: Vec<Subject> = subject.into_iter().collect();
    let now = ports.context.sources.now();
    let wait = ports.context.db.write(move |tx| async move { slowing::count(&tx, now, &subjects).await }).await?;
    wait.map_or(Ok(()), |wait| Err(slowing::slowed(codes::CLIENT_SEARCH_SLOWED, wait)))
}

/// Checks the form before any transaction. Nobody knows the password that the account has until its owner sets one.
pub(crate) async fn check(
    ports: &Arc<Ports>,
    actor: &Actor,
    form: &OpenClientAccountRequest,
) -> Result<sign_up::SignUp, Error> {
    count(ports, permit::staff(actor, &DESK)?).await?;
    let form = SignUpRequest {
        kind: form.kind,
        email: form.email.clone(),
        password: fresh_secret(&ports.context.sources),
        given_name: form.given_name.clone(),
        surname: form.surname.clone(),
        phone: form.phone.clone(),
        locale: form.locale.clone(),
        company_name: form.company_name.clone(),
        bin: form.bin.clone(),
        client_address: form.client_address.clone(),
        device: String::new(),
        consent_version: form.consent_version,
    };
    sign_up::check(ports, &form).await
}

/// Stores the account; its owner gets a letter with a link to set the first password.
pub(crate) async fn open(tx: &Tx, ports: &Ports, actor: &Actor, form: sign_up::SignUp) -> Result<Account, Error> {
    let who = permit::staff(actor, &DESK)?;
    let account = sign_up::store(tx, ports, &form, LetterKind::AccountOpened).await?;
    consents::write(tx, ports, account.id, form.client(), Some(who)).await?;
    audit::record(tx, &ports.context.sources, actor, "CLIENT_ACCOUNT_OPENED", account.id, "").await?;
    Ok(account)
}
