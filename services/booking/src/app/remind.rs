//! Before a visit it is asked whether anybody will come; a place that nobody confirms in time is given to others.

use std::sync::Arc;

use chassis::{Error, Tx};
use kernel::Time;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use super::{Places, Ports, offered, save, timer};
use crate::{
    domain::appointment::{Appointment, Move, State},
    events::Telling,
    store::{self, appointment},
};

/// Visits of one step.
const AT_ONCE: u64 = 50;

/// Tells how many were asked, and how many visits were given up.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let now = ports.context.sources.now();
    let config = &ports.config;
    let unasked = near(now, now.plus(config.remind_before())).filter(appointment::Column::RemindedAt.is_null());
    let mut done = 0;
    for row in unasked.all(ports.context.db.read()).await? {
        done += under_lock(ports, row.id, now, false).await?;
    }
    if let Some(release) = config.release_before() {
        let asked_before = now.minus(config.answer_within()).micros();
        let unanswered = near(now, now.plus(release)).filter(appointment::Column::RemindedAt.lte(asked_before));
        for row in unanswered.all(ports.context.db.read()).await? {
            done += under_lock(ports, row.id, now, true).await?;
        }
    }
    Ok(done)
}

/// Visits of a span that nobody has confirmed.
fn near(from: Time, to: Time) -> Select<appointment::Entity> {
    use appointment::{Column, Entity};
    Entity::find()
        .filter(Column::State.eq(State::Booked.code()))
        .filter(Column::StartAt.gt(from.micros()))
        .filter(Column::StartAt.lte(to.micros()))
        .filter(Column::ConfirmedAt.is_null())
        .filter(Column::DisplacedAt.is_null())
        .order_by_asc(Column::StartAt)
        .limit(AT_ONCE)
}

async fn under_lock(ports: &Arc<Ports>, id: String, now: Time, release: bool) -> Result<u64, Error> {
    let inner = Arc::clone(ports);
    let work = move |tx| async move {
        let (found, _) = store::locked_appointment(&tx, &id).await?;
        if found.state != State::Booked || found.confirmed_at.is_some() || found.displaced_at.is_some() {
            return Ok(0);
        }
        if release { give_up(&tx, &inner, found, now).await } else { ask(&tx, &inner, found, now).await }
    };
    ports.context.db.write(work).await
}

async fn ask(tx: &Tx, ports: &Ports, mut found: Appointment, now: Time) -> Result<u64, Error> {
    if found.reminded_at.is_some() {
        return Ok(0);
    }
    found.reminded_at = Some(now);
    found.version += 1;
    // Whoever could not answer in time is reminded all the same, and keeps his place.
    let confirm_by = offered::confirm_by(ports, &found).filter(|by| *by < found.start);
    save(tx, ports, &timer(ports, "reminder"), &found, "REMIND", Telling::ReminderDue { confirm_by }).await?;
    Ok(1)
}

async fn give_up(tx: &Tx, ports: &Ports, mut found: Appointment, now: Time) -> Result<u64, Error> {
    if found.reminded_at.is_none() || offered::confirm_by(ports, &found).is_none_or(|by| by > now) {
        return Ok(0);
    }
    found.go(Move::Cancel)?;
    save(tx, ports, &timer(ports, "unconfirmed"), &found, "RELEASE", Telling::Released).await?;
    let mut places = Places::default();
    places.free(&found.slot);
    places.settle(tx).await?;
    Ok(1)
}
