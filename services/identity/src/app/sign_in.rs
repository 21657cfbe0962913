//! Checks address and password. Whether an account exists can't be told from the answer or its time.

use chassis::{Error, Tx};
use kernel::{Code, Email};
use proto::identity::v1::SignInRequest;

use super::{
    Ports, known_clients,
    slowing::{self, Subject},
};
use crate::{
    domain::{account::Account, codes},
    store,
};

/// The account, if the password fits.
pub(crate) async fn check(ports: &Ports, form: &SignInRequest) -> Result<Account, Error> {
    let context = &ports.context;
    let pair = known_clients::pair(&form.email, &form.client_address);
    let seen = match &pair {
        Some(pair) => known_clients::seen(ports, pair).await?,
        None => None,
    };
    let account = match (&pair, seen) {
        // What others try elsewhere does not lock the owner out: here only what was tried here counts.
        (Some(pair), Some(_)) => Subject::new(ports, "sign-in/known-client", pair, &ports.config.guessing),
        _ => Subject::account(ports, &form.email),
    };
    let mut subjects: Vec<Subject> = account.iter().cloned().collect();
    if seen.is_none() {
        subjects.extend(Subject::new(ports, "sign-in/address", &form.client_address, &ports.config.guessing));
        subjects.push(Subject::overall(ports));
    }
    refuse_when_slowed(ports, &subjects).await?;
    let found = match &Email::parse(&form.email) {
        Ok(email) => store::by_email(context.db.read(), &context.sealer, email).await?,
        Err(_) => None,
    };
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let fits = ports.passwords.fits(&form.password, hash).await?;
    match found {
        Some((found, _)) if fits && !found.disabled => {
            // Whoever guessed side by side with others learns no more than one after another.
            refuse_when_slowed(ports, &subjects).await?;
            forget(ports, account).await?;
            if let Some(pair) = &pair {
                known_clients::note(ports, pair, seen).await?;
            }
            Ok(found)
        }
        _ => Err(failed(ports, subjects, Error::refuse(codes::CREDENTIALS_WRONG)).await?),
    }
}

/// Holds the account whose password was proved, before anything is done because of that. One that has changed since must
/// be proved again: the password may be another one by now.
pub(crate) async fn unchanged(tx: &Tx, ports: &Ports, proved: &Account) -> Result<(), Error> {
    let now = store::locked(tx, &ports.context.sealer, proved.id).await?;
    if now.version != proved.version {
        return Err(Error::Unavailable("the account was changed meanwhile".to_owned()));
    }
    Ok(())
}

/// Proves once more who is signed in, before something that a found browser must not do. Guesses are slowed as at sign-in.
pub(crate) async fn prove(
    ports: &Ports,
    account: &Account,
    hash: String,
    password: &str,
    refusal: (&str, Code),
) -> Result<(), Error> {
    // Counted by itself: guesses at the sign-in page keep nobody who is signed in from changing the password.
    let subject = Subject::new(ports, "password-asked", &account.id.to_string(), &ports.config.guessing);
    let subjects: Vec<Subject> = subject.iter().cloned().collect();
    refuse_when_slowed(ports, &subjects).await?;
    if ports.passwords.fits(password, Some(hash)).await? {
        refuse_when_slowed(ports, &subjects).await?;
        return forget(ports, subject).await;
    }
    let (field, code) = refusal;
    Err(failed(ports, subjects, Error::at(field, code)).await?)
}

async fn refuse_when_slowed(ports: &Ports, subjects: &[Subject]) -> Result<(), Error> {
    match slowing::wait(ports, subjects).await? {
        Some(wait) => Err(slowing::slowed(codes::SIGN_IN_SLOWED, wait)),
        None => Ok(()),
    }
}

/// What is told of a wrong password, once it is counted.
async fn failed(ports: &Ports, subjects: Vec<Subject>, wrong: Error) -> Result<Error, Error> {
    let now = ports.context.sources.now();
    let counted = ports.context.db.write(move |tx| async move { slowing::count(&tx, now, &subjects).await }).await?;
    Ok(counted.map_or(wrong, |wait| slowing::slowed(codes::SIGN_IN_SLOWED, wait)))
}

async fn forget(ports: &Ports, subject: Option<Subject>) -> Result<(), Error> {
    let Some(subject) = subject else { return Ok(()) };
    if !slowing::is_counted(ports, &subject).await? {
        return Ok(());
    }
    ports.context.db.write(move |tx| async move { slowing::forget(&tx, Some(subject)).await }).await
}
