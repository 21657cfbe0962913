//! Books what is held, all or none, unless the hold has run out.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::booking::v1::BookingRight;

use super::{Ports, office, open_right, tell};
use crate::{
    domain::{
        appointment::{Move, State},
        codes,
    },
    events::Telling,
    queries, store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, number: i64) -> Result<BookingRight, Error> {
    let right = open_right(tx, actor, number).await?;
    let now = ports.context.sources.now();
    let mut all = store::appointments(&**tx, number).await?;
    let mut any = false;
    for appointment in all.iter_mut().filter(|known| known.state == State::Held) {
        // The row's own term is compared with the clock once more when it is written.
        appointment.go(Move::Confirm)?;
        appointment.settle_attendance(now, ports.config.remind_before());
        if !store::confirm_held(tx, appointment, now).await? {
            return Err(Error::refuse(codes::HOLD_EXPIRED));
        }
        appointment.held_until = None;
        tell(tx, ports, actor, appointment, "BOOK", Telling::State).await?;
        any = true;
    }
    if !any {
        return Err(Error::refuse(codes::HOLD_EXPIRED));
    }
    let plans = office::plans(&**tx, ports).await?;
    Ok(queries::right_to_wire(ports, &plans, actor, &right, &all))
}
