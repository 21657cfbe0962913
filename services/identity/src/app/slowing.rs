//! Counts attempts by subject (an account, an address, a client) and slows them. Subjects are stored as blind indexes.

use std::time::Duration;

use chassis::{Error, Tx};
use kernel::{Code, Refusal, Time};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use super::Ports;
use crate::{
    config::GuessingConfig,
    domain::guessing::{Failures, Measure},
    store::sign_in_failure,
};

/// Whose attempts are counted, and by which measure.
#[derive(Clone)]
pub(crate) struct Subject {
    key: Vec<u8>,
    measure: Measure,
}

impl Subject {
    /// None where there is nothing to count by: a caller within the house has no client's address.
    pub(crate) fn new(ports: &Ports, field: &str, value: &str, measure: &GuessingConfig) -> Option<Self> {
        let key = ports.context.sealer.blind_index(field, value);
        (!value.is_empty()).then(|| Self { key, measure: Measure::Doubling(measure.clone()) })
    }

    /// Guesses at one account's password, by the address as typed.
    pub(crate) fn account(ports: &Ports, email: &str) -> Option<Self> {
        Self::new(ports, "sign-in/account", &email.trim().to_lowercase(), &ports.config.guessing)
    }

    /// Guesses in the whole portal.
    pub(crate) fn overall(ports: &Ports) -> Self {
        let key = ports.context.sealer.blind_index("sign-in/overall", "");
        Self { key, measure: Measure::PerMinute(ports.config.flood.failures_per_minute) }
    }
}

/// A refusal that tells for how long.
pub(crate) fn slowed(code: Code, wait: Duration) -> Error {
    Refusal::new(code).with("seconds", wait.as_secs().max(1).to_string()).into()
}

/// How long the next attempt must wait yet, as far as is known now.
pub(crate) async fn wait(ports: &Ports, subjects: &[Subject]) -> Result<Option<Duration>, Error> {
    let now = ports.context.sources.now();
    for subject in subjects {
        let known = read(ports.context.db.read(), &subject.key).await?;
        if let Some(wait) = known.and_then(|failures| subject.measure.wait(failures, now)) {
            return Ok(Some(wait));
        }
    }
    Ok(None)
}

/// Counts one attempt for each subject, or answers how long it must wait. Parallel attempts come one after another here,
/// so that no more of them get through than may.
pub(crate) async fn count(tx: &Tx, now: Time, subjects: &[Subject]) -> Result<Option<Duration>, Error> {
    let mut counted = Vec::with_capacity(subjects.len());
    for subject in subjects {
        touch(tx, &subject.key).await?;
        let before = read(&**tx, &subject.key).await?;
        if let Some(wait) = before.and_then(|failures| subject.measure.wait(failures, now)) {
            return Ok(Some(wait));
        }
        counted.push((subject.key.clone(), subject.measure.after_one_more(before, now)));
    }
    for (key, failures) in counted {
        store(tx, key, failures).await?;
    }
    Ok(None)
}

/// Forgets what was counted for a subject.
pub(crate) async fn forget(tx: &Tx, subject: Option<Subject>) -> Result<(), Error> {
    let Some(subject) = subject else { return Ok(()) };
    sign_in_failure::Entity::delete_by_id(subject.key).exec(&**tx).await?;
    Ok(())
}

/// Whether anything is counted for a subject; spares a write where nothing is.
pub(crate) async fn is_counted(ports: &Ports, subject: &Subject) -> Result<bool, Error> {
    Ok(read(ports.context.db.read(), &subject.key).await?.is_some())
}

/// Counts that nothing looks at any more are kept this long.
const KEPT: Duration = Duration::from_hours(48);

/// Forgets old counts; run by a worker.
pub(crate) async fn forget_old(tx: &Tx, now: Time) -> Result<u64, Error> {
    let old = sign_in_failure::Column::LastAt.lt(now.minus(KEPT).micros());
    Ok(sign_in_failure::Entity::delete_many().filter(old).exec(&**tx).await?.rows_affected)
}

async fn read(db: &impl sea_orm::ConnectionTrait, key: &[u8]) -> Result<Option<Failures>, Error> {
    let row = sign_in_failure::Entity::find_by_id(key.to_vec()).one(db).await?;
    Ok(row.map(|row| Failures { count: row.count.unsigned_abs(), last_at: Time::from_micros(row.last_at) }))
}

/// Makes sure that there is a row, and locks it.
async fn touch(tx: &Tx, key: &[u8]) -> Result<(), Error> {
    use sign_in_failure::{ActiveModel, Column, Entity};
    Entity::insert(ActiveModel { subject: Set(key.to_vec()), count: Set(0), last_at: Set(0) })
        .on_conflict(
            OnConflict::column(Column::Subject)
                .value(Column::Count, sea_orm::sea_query::Expr::col((Entity, Column::Count)))
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

async fn store(tx: &Tx, key: Vec<u8>, failures: Failures) -> Result<(), Error> {
    sign_in_failure::Entity::insert(sign_in_failure::ActiveModel {
        subject: Set(key),
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
