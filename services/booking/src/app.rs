//! Use-cases, one a file: load, decide, save, tell the facts.

pub(crate) mod book_appointments;
pub(crate) mod cancel_appointment;
pub(crate) mod confirm_attendance;
pub(crate) mod confirm_hold;
pub(crate) mod day_table;
pub(crate) mod displace;
pub(crate) mod hold_places;
pub(crate) mod lapse_holds;
pub(crate) mod measure;
pub(crate) mod move_appointment;
pub(crate) mod note_visit;
pub(crate) mod offered;
pub(crate) mod office;
mod places;
pub(crate) mod queue;
pub(crate) mod remind;
pub(crate) mod rights;

use std::sync::Arc;

use chassis::{Context, Error, Tx};
use kernel::{Actor, WorkingCalendar};
use tokio::sync::Notify;

pub(crate) use places::Places;

use crate::{
    config::Config,
    domain::{
        appointment::{Appointment, State},
        codes,
    },
    events::{self, Telling},
    queries,
    store::{self, Right},
};

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    /// Holidays as configured, until an administrator saves others.
    pub calendar: WorkingCalendar,
    /// The same as a file.
    pub holidays: String,
    pub shelf: office::Shelf,
    /// Wakes whoever looks for visits that changed hours have no place for.
    pub rehoused: Arc<Notify>,
}

/// Writes a changed appointment, notes the change and tells of it.
async fn save(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    appointment: &Appointment,
    what: &str,
    telling: Telling,
) -> Result<(), Error> {
    store::update_appointment(tx, appointment).await?;
    tell(tx, ports, actor, appointment, what, telling).await
}

/// Notes a change that is written and tells of it.
async fn tell(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    appointment: &Appointment,
    what: &str,
    telling: Telling,
) -> Result<(), Error> {
    let context = &ports.context;
    store::note(tx, appointment, actor.principal(), what, context.sources.now()).await?;
    events::publish(tx, ports, appointment, telling).await
}

/// An application's right, locked, for one who may use it; refused while it is closed.
async fn open_right(tx: &Tx, actor: &Actor, number: i64) -> Result<Right, Error> {
    let right = store::right(&**tx, number).await?.ok_or(Error::NotFound)?;
    expect_open(actor, &right)?;
    Ok(right)
}

/// Refused to whoever may not use the right, and to all while it is closed.
fn expect_open(actor: &Actor, right: &Right) -> Result<(), Error> {
    queries::visible(actor, right.account)?;
    if right.open { Ok(()) } else { Err(Error::refuse(codes::BOOKING_NOT_OPEN)) }
}

/// Whoever has missed too many visits books no more by himself.
fn expect_reliable(ports: &Ports, actor: &Actor, right: &Right, all: &[Appointment]) -> Result<(), Error> {
    let missed = all.iter().filter(|known| known.state == State::Missed).count();
    let max = right.missed_max.and_then(|max| usize::try_from(max).ok()).unwrap_or(ports.config.missed_max);
    let too_often = max > 0 && missed >= max;
    if too_often && actor.account() == Some(right.account) {
        return Err(Error::refuse(codes::MISSED_TOO_OFTEN));
    }
    Ok(())
}

/// Who acts where a timer does.
fn timer(ports: &Ports, cause: &str) -> Actor {
    Actor::System { service: ports.context.service.to_owned(), cause: cause.to_owned() }
}
