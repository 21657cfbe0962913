//! Gives a place back: the applicant until the day before, staff at any time.

use chassis::{Error, Tx};
use kernel::Actor;

use super::Ports;
use crate::{
    domain::{
        appointment::{Move, State},
        codes,
    },
    events, queries, store,
};

/// Cancels and tells the application it was for.
pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<i64, Error> {
    let context = &ports.context;
    let (mut appointment, slot) = store::locked_appointment(tx, id).await?;
    queries::visible(actor, appointment.account)?;
    let today = context.zone.date(context.sources.now());
    let own = actor.account() == Some(appointment.account);
    let given_back = appointment.state == State::Cancelled;
    if own && !given_back && context.zone.date(appointment.start) <= today {
        return Err(Error::refuse(codes::CANCEL_TOO_LATE));
    }
    if appointment.go(Move::Cancel)? {
        store::update_appointment(tx, &appointment).await?;
        store::free_place(tx, &slot).await?;
        events::publish(tx, context, &appointment).await?;
    }
    Ok(appointment.application.get())
}
