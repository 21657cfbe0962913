//! Reads: an owner's own attempts, everybody's for staff; somebody else's does not exist.

use chassis::{Error, auth::permit, page::Page};
use kernel::{Actor, AttemptId, ErrorCode as _, Role, Scope, parse_date};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::Ports;
use crate::{
    domain::attempt::Attempt,
    store::{self, mismatch},
};

const STAFF: &[Role] = &[Role::Manager, Role::Supervisor, Role::Finance];

/// Whether the actor may see all attempts, and the bank's codes with them.
pub(crate) fn sees_all(actor: &Actor) -> bool {
    permit::staff_or_scope(actor, STAFF, Scope::PaymentsRead).is_ok()
}

/// Whether the bank's own codes are told.
pub(crate) fn sees_codes(actor: &Actor) -> bool {
    permit::staff(actor, STAFF).is_ok()
}

fn sees(actor: &Actor, attempt: &Attempt) -> bool {
    actor.account() == Some(attempt.account) || sees_all(actor)
}

fn known(actor: &Actor) -> Result<(), Error> {
    match actor {
        Actor::Anonymous => Err(Error::Unauthenticated),
        Actor::User { .. } | Actor::ServiceAccount { .. } | Actor::System { .. } => Ok(()),
    }
}

pub(crate) async fn attempt(ports: &Ports, actor: &Actor, id: &str) -> Result<Attempt, Error> {
    known(actor)?;
    let id: AttemptId = id.parse().map_err(|_| Error::NotFound)?;
    let attempt = store::load(ports.context.db.read(), &ports.context.sealer, &id.to_string()).await?;
    if sees(actor, &attempt) { Ok(attempt) } else { Err(Error::NotFound) }
}

/// Attempts on one application that the actor may see, newest first.
pub(crate) async fn attempts(ports: &Ports, actor: &Actor, number: i64) -> Result<Vec<Attempt>, Error> {
    known(actor)?;
    let mut attempts = store::by_application(ports.context.db.read(), &ports.context.sealer, number).await?;
    let any = !attempts.is_empty();
    attempts.retain(|attempt| sees(actor, attempt));
    if any && attempts.is_empty() { Err(Error::NotFound) } else { Ok(attempts) }
}

/// Charges that do not fit, newest first; those of one day, where one is named.
pub(crate) async fn mismatches(
    ports: &Ports,
    actor: &Actor,
    page: Page,
    date: &str,
) -> Result<(Vec<mismatch::Model>, u64), Error> {
    permit::staff(actor, STAFF)?;
    let mut wanted = mismatch::Entity::find();
    if !date.is_empty() {
        let malformed = |code| Error::at("date", code);
        let day = parse_date(date).map_err(|error| malformed(error.code()))?;
        let zone = &ports.context.zone;
        let until = day.tomorrow().map_or(i64::MAX, |next| zone.start_of(next).micros());
        wanted =
            wanted.filter(mismatch::Column::At.gte(zone.start_of(day).micros())).filter(mismatch::Column::At.lt(until));
    }
    let db = ports.context.db.read();
    let total = wanted.clone().count(db).await?;
    let rows = wanted
        .order_by_desc(mismatch::Column::At)
        .order_by_desc(mismatch::Column::Id)
        .offset(page.offset())
        .limit(page.limit())
        .all(db)
        .await?;
    Ok((rows, total))
}
