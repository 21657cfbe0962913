//! Another time for the same visit, in the same office or in another one: the new place is taken and the old one freed
//! together, or nothing changes.

use chassis::{Error, Tx};
use kernel::{Actor, Time};
use proto::booking::v1::{BookingRight, MoveAppointmentRequest};

use super::{Places, Ports, book_appointments as book, offered, office, save};
use crate::{domain::codes, events::Telling, queries, store};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &MoveAppointmentRequest,
) -> Result<BookingRight, Error> {
    let (mut appointment, right) = store::locked_appointment(tx, &command.appointment_id).await?;
    queries::visible(actor, appointment.account)?;
    appointment.expect_booked()?;
    if !right.open {
        return Err(Error::refuse(codes::BOOKING_NOT_OPEN));
    }
    let plans = office::plans(&**tx, ports).await?;
    let here = plans.of(&appointment.office);
    let plan = match here {
        Some(here) if command.office_id.is_empty() => here,
        // Whose office is no more goes to the first one, unless he says to which.
        Some(_) | None => office::chosen(&plans, &command.office_id)?,
    };
    let (from, start) = (appointment.start, Time::from_micros(command.start_at_micros));
    let stays = start == from && here.is_some_and(|here| here.office == plan.office);
    if !stays {
        if let Some(code) = offered::against_move(ports, actor, &appointment) {
            return Err(Error::refuse(code));
        }
        offered::bookable(ports, plan, actor, start).map_err(|code| Error::at("start", code))?;
        let mut places = Places::default();
        places.free(&appointment.slot);
        let slot = book::slot(ports, plan, &appointment.kind, start);
        let asked = appointment.displaced_at.is_some();
        appointment.relocate(start, &plan.office, slot)?;
        appointment.settle_attendance(ports.context.sources.now(), ports.config.remind_before());
        // What the office asks for is not counted.
        if actor.account() == Some(appointment.account) && !asked {
            appointment.moves += 1;
        }
        if !book::want(tx, ports, plan, &mut places, &appointment).await? {
            return Err(Error::at("start", codes::SLOT_FULL));
        }
        save(tx, ports, actor, &appointment, "MOVE", Telling::Moved { from }).await?;
        if places.settle(tx).await?.is_some() {
            return Err(Error::at("start", codes::SLOT_FULL));
        }
    }
    queries::booking_right(&**tx, ports, actor, appointment.application.get()).await
}
