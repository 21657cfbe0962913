//! Checks address and password. Whether an account exists can't be told from the answer or its time.

use chassis::{Error, Tx};
use kernel::{Email, Refusal, Time};
use proto::identity::v1::SignInRequest;
use sea_orm::{ActiveValue::Set, EntityTrait as _, sea_query::OnConflict};

use super::Ports;
use crate::{
    domain::{account::Account, codes, guessing::Failures},
    store::{self, sign_in_failure},
};

/// The account, if the password fits.
pub(crate) async fn check(ports: &Ports, form: &SignInRequest) -> Result<Account, Error> {
    let context = &ports.context;
    let wrong = || Error::refuse(codes::CREDENTIALS_WRONG);
    let email = Email::parse(&form.email).ok();
    let account_subject = context.sealer.blind_index("sign-in/account", &form.email.trim().to_lowercase());
    let address_subject = context.sealer.blind_index("sign-in/address", &form.client_address);
    for subject in [&account_subject, &address_subject] {
        refuse_when_slowed(ports, subject).await?;
    }
    let found = match &email {
        Some(email) => store::by_email(context.db.read(), &context.sealer, email).await?,
        None => None,
    };
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let fits = ports.passwords.fits(&form.password, hash).await?;
    match found {
        Some((account, _)) if fits && !account.disabled => {
            forget(ports, account_subject).await?;
            Ok(account)
        }
        _ => {
            let mut subjects = vec![account_subject];
            if !form.client_address.is_empty() {
                subjects.push(address_subject);
            }
            count(ports, subjects).await?;
            Err(wrong())
        }
    }
}

async fn refuse_when_slowed(ports: &Ports, subject: &[u8]) -> Result<(), Error> {
    let now = ports.context.sources.now();
    let failures = read(ports.context.db.read(), subject).await?;
    match failures.and_then(|failures| failures.wait(now, &ports.config.guessing)) {
        Some(wait) => {
            let seconds = wait.as_secs().max(1).to_string();
            Err(Refusal::new(codes::SIGN_IN_SLOWED).with("seconds", seconds).into())
        }
        None => Ok(()),
    }
}

async fn read(db: &impl sea_orm::ConnectionTrait, subject: &[u8]) -> Result<Option<Failures>, Error> {
    let row = sign_in_failure::Entity::find_by_id(subject.to_vec()).one(db).await?;
    Ok(row.map(|row| Failures { count: row.count.unsigned_abs(), last_at: Time::from_micros(row.last_at) }))
}

/// Counts one failure for each subject, in one transaction, so that parallel guesses all count.
async fn count(ports: &Ports, subjects: Vec<Vec<u8>>) -> Result<(), Error> {
    let (now, config) = (ports.context.sources.now(), ports.config.guessing.clone());
    ports
        .context
        .db
        .write(move |tx| async move {
            for subject in subjects {
                touch(&tx, &subject).await?;
                let failures = Failures::after_one_more(read(&*tx, &subject).await?, now, &config);
                store(&tx, subject, failures).await?;
            }
            Ok(())
        })
        .await
}

/// Makes sure that there is a row, and locks it: parallel guesses count one after another.
async fn touch(tx: &Tx, subject: &[u8]) -> Result<(), Error> {
    use sign_in_failure::{ActiveModel, Column, Entity};
    Entity::insert(ActiveModel { subject: Set(subject.to_vec()), count: Set(0), last_at: Set(0) })
        .on_conflict(
            OnConflict::column(Column::Subject)
                .value(Column::Count, sea_orm::sea_query::Expr::col((Entity, Column::Count)))
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

async fn store(tx: &Tx, subject: Vec<u8>, failures: Failures) -> Result<(), Error> {
    sign_in_failure::Entity::insert(sign_in_failure::ActiveModel {
        subject: Set(subject),
        count: Set(i32::try_from(failures.count).unwrap_or(i32::MAX)),
        last_at: Set(failures.last_at.micros()),
    })
    .on_conflict(
        OnConflict::column(sign_in_failure::Column::Subject)
            .update_columns([sign_in_failure::Column::Count, sign_in_failure::Column::LastAt])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

async fn forget(ports: &Ports, subject: Vec<u8>) -> Result<(), Error> {
    if sign_in_failure::Entity::find_by_id(subject.clone()).one(ports.context.db.read()).await?.is_none() {
        return Ok(());
    }
    ports
        .context
        .db
        .write(move |tx| async move {
            sign_in_failure::Entity::delete_by_id(subject).exec(&*tx).await?;
            Ok(())
        })
        .await
}
