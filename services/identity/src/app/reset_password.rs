//! "Forgot your password?". A request is noted, whatever its address; a worker looks whose it is and has a letter written.
//! So that neither the answer nor its time tells whether there is such an account.

use chassis::{Context, Error, Tx, audit};
use kernel::{Actor, Email, Violations};
use proto::identity::v1::{RequestPasswordResetRequest, ResetPasswordRequest};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{
    Ports, change_password, letters,
    slowing::{self, Subject},
    verify_email,
};
use crate::{
    domain::letter::LetterKind,
    store::{self, account, reset_request},
};

/// Requests answered in one step.
const AT_ONCE: u64 = 32;

/// Notes the request.
pub(crate) async fn request(tx: &Tx, ports: &Ports, form: &RequestPasswordResetRequest) -> Result<(), Error> {
    let context = &ports.context;
    let email = Email::parse(&form.email).map_err(|_| Error::at("email", kernel::codes::EMAIL_MALFORMED))?;
    letters::count(tx, ports, &email, &form.client_address).await?;
    reset_request::Entity::insert(reset_request::ActiveModel {
        id: Set(context.sources.uuid().simple().to_string()),
        email_index: Set(store::email_index(&context.sealer, &email)),
        requested_at: Set(context.sources.now().micros()),
    })
    .exec_without_returning(&**tx)
    .await?;
    // The worker's look comes after the commit: the wake is kept until then, and the period catches the rest.
    ports.wake.notify_one();
    Ok(())
}

/// One step of the worker: a letter for each request whose address is an account's that is not disabled.
pub(crate) async fn answer(ports: &std::sync::Arc<Ports>) -> Result<u64, Error> {
    let due = reset_request::Entity::find()
        .order_by_asc(reset_request::Column::RequestedAt)
        .limit(AT_ONCE)
        .all(ports.context.db.read())
        .await?;
    let mut answered = 0;
    for request in due {
        let ports = std::sync::Arc::clone(ports);
        let db = ports.context.db.clone();
        answered += db.write(move |tx| async move { answer_one(&tx, &ports, request).await }).await?;
    }
    Ok(answered)
}

async fn answer_one(tx: &Tx, ports: &Ports, request: reset_request::Model) -> Result<u64, Error> {
    let taken = reset_request::Entity::delete_by_id(request.id).exec(&**tx).await?;
    if taken.rows_affected == 0 {
        return Ok(0);
    }
    let found = account::Entity::find().filter(account::Column::EmailIndex.eq(request.email_index)).one(&**tx).await?;
    if let Some(row) = found.filter(|row| row.disabled_at.is_none() && row.closed_at.is_none()) {
        let account = store::to_domain(&row, &ports.context.sealer)?;
        letters::write(tx, ports, &account, LetterKind::ResetPassword, &account.email).await?;
    }
    Ok(1)
}

/// The link behind a secret: of a password that was forgotten, or of the first one.
async fn find(
    db: &impl sea_orm::ConnectionTrait,
    context: &Context,
    token: &str,
) -> Result<(LetterKind, letters::Link), Error> {
    match letters::find(db, context, LetterKind::ResetPassword, token).await {
        Ok(link) => Ok((LetterKind::ResetPassword, link)),
        Err(Error::Refusal(_)) => {
            let kind = LetterKind::AccountOpened;
            letters::find(db, context, kind, token).await.map(|link| (kind, link))
        }
        Err(error) => Err(error),
    }
}

/// Checks link and password, and hashes the password, before any transaction.
pub(crate) async fn check(ports: &Ports, form: &ResetPasswordRequest) -> Result<String, Error> {
    let context = &ports.context;
    let (_, link) = find(context.db.read(), context, &form.token).await?;
    let mut faults = Violations::new();
    change_password::check_new(ports, &link.account, "password", &form.password, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into_refusal().into());
    }
    ports.passwords.hash(&form.password).await
}

/// Uses the link up and sets the password. Whoever followed it reads the mail of the address, so that is verified too.
pub(crate) async fn run(tx: &Tx, ports: &Ports, token: &str, password_hash: String) -> Result<(), Error> {
    let context = &ports.context;
    let (kind, _) = find(&**tx, context, token).await?;
    let link = letters::consume(tx, context, kind, token).await?;
    let actor = Actor::User { account: link.account.id, roles: link.account.roles.clone(), session: None };
    audit::record(tx, &context.sources, &actor, "PASSWORD_RESET", link.account.id, "").await?;
    slowing::forget(tx, Subject::account(ports, link.account.email.as_str())).await?;
    let account = if link.account.email_verified {
        link.account
    } else {
        let email = link.account.email.clone();
        letters::end_links(tx, context, link.account.id, &[LetterKind::VerifyEmail]).await?;
        verify_email::mark(tx, ports, link.account, &email).await?
    };
    change_password::store(tx, ports, &account, password_hash, None).await
}
