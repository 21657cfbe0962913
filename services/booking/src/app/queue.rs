//! The queue of an office's day: who comes gets a ticket, a desk calls the next one, and ends it.

use chassis::{Error, Tx, auth::permit, counter};
use kernel::{Actor, ApplicationNumber, AppointmentId, Role, Time};
use proto::booking::v1 as pb;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Ports, note_visit, office};
use crate::{
    domain::{
        appointment::{Appointment, Move, State},
        codes,
        queue::{Lane, Ticket, due},
    },
    store::{self, Right, appointment, tickets},
};

/// Who receives visitors.
pub(crate) const DESK: &[Role] = &[Role::Manager, Role::Supervisor];

/// The visitor of today in this office who tells this code.
pub(crate) async fn check_in(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::CheckInByCodeRequest,
) -> Result<Appointment, Error> {
    permit::staff(actor, DESK)?;
    let here = office::named(ports, &command.office_id)?;
    let zone = &ports.context.zone;
    let today = zone.date(ports.context.sources.now());
    let next = today.tomorrow().map_err(|error| Error::Internal(error.into()))?;
    let rows = appointment::Entity::find()
        .filter(appointment::Column::StartAt.gte(zone.start_of(today).micros()))
        .filter(appointment::Column::StartAt.lt(zone.start_of(next).micros()))
        .filter(appointment::Column::OfficeId.is_in(ports.config.offices.keys(&here.id)))
        .filter(appointment::Column::State.is_in([State::Booked.code(), State::CheckedIn.code()]))
        .order_by_asc(appointment::Column::StartAt)
        .all(&**tx)
        .await?;
    let told = command.code.trim().to_ascii_uppercase();
    for row in rows {
        let found = store::to_appointment(row)?;
        if found.code() == told {
            return note_visit::run(tx, ports, actor, &found.id.to_string(), Move::CheckIn).await;
        }
    }
    Err(Error::at("code", codes::VISIT_CODE_UNKNOWN))
}

/// Somebody without a visit. Who waits already keeps his ticket.
pub(crate) async fn walk_in(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::AddWalkInRequest,
) -> Result<Ticket, Error> {
    permit::staff(actor, DESK)?;
    let (office, number) = (office::named(ports, &command.office_id)?, command.application_number);
    let right =
        store::right(&**tx, number).await?.ok_or_else(|| Error::at("application_number", codes::CASE_UNKNOWN))?;
    if !right.open {
        return Err(Error::at("application_number", codes::BOOKING_NOT_OPEN));
    }
    let now = ports.context.sources.now();
    let keys = ports.config.offices.keys(&office.id);
    let here = tickets::of_day(&**tx, keys, ports.context.zone.date(now)).await?;
    let waiting = |ticket: &Ticket| {
        ticket.application == right.application && ticket.appointment.is_none() && ticket.ended_at.is_none()
    };
    if let Some(known) = here.into_iter().find(waiting) {
        return Ok(known);
    }
    let lane = if right.priority { Lane::Priority } else { Lane::WalkIn };
    issue(tx, ports, &office.id, right.application, None, lane, now).await
}

/// A ticket for one who has a visit; he gets one ticket for it, however often he is checked in.
pub(super) async fn receive(tx: &Tx, ports: &Ports, of: &Appointment, right: &Right) -> Result<(), Error> {
    if tickets::of_appointment(&**tx, &of.id.to_string()).await?.is_none() {
        let lane = if right.priority { Lane::Priority } else { Lane::Booked };
        let due = due(of.start, ports.context.sources.now(), ports.config.patience(right.late_minutes));
        let office = ports.config.offices.named(&of.office).map_or(&of.office, |office| &office.id);
        issue(tx, ports, office, of.application, Some(of.id), lane, due).await?;
    }
    Ok(())
}

async fn issue(
    tx: &Tx,
    ports: &Ports,
    office: &str,
    application: ApplicationNumber,
    appointment: Option<AppointmentId>,
    lane: Lane,
    due_at: Time,
) -> Result<Ticket, Error> {
    let now = ports.context.sources.now();
    let day = ports.context.zone.date(now);
    // The first office goes on with the row of numbers that it had when it was the only one.
    let first = ports.config.offices.first().id == office;
    let row = if first { day.to_string() } else { format!("{day}/{office}") };
    let number = counter::next(tx, &format!("ticket/{row}"), 1).await?;
    let ticket = Ticket {
        id: format!("{row}/{number}"),
        office: office.to_owned(),
        day,
        number,
        application,
        appointment,
        lane,
        arrived_at: now,
        due_at,
        called_at: None,
        desk: 0,
        ended_at: None,
        left: false,
    };
    tickets::insert(tx, &ticket).await?;
    Ok(ticket)
}

/// Calls an office's next one to a desk of it.
pub(crate) async fn call_next(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::CallNextRequest,
) -> Result<Ticket, Error> {
    permit::staff(actor, DESK)?;
    let plans = office::plans(&**tx, ports).await?;
    let plan = office::chosen(&plans, &command.office_id)?;
    let now = ports.context.sources.now();
    let today = ports.context.zone.date(now);
    let desks = plan.week(today).desks_in_all();
    let desk = i32::try_from(command.desk).ok().filter(|desk| (1..=desks).contains(desk));
    let desk = desk.ok_or_else(|| Error::at("desk", codes::DESK_UNKNOWN))?;
    let here = tickets::of_day(&**tx, ports.config.offices.keys(&plan.office), today).await?;
    let mut waiting: Vec<Ticket> = here.into_iter().filter(Ticket::is_waiting).collect();
    waiting.sort_by_key(|ticket| ticket.rank(now));
    for mut next in waiting {
        if tickets::call(tx, &next.id, desk, now).await? {
            (next.called_at, next.desk) = (Some(now), desk);
            return Ok(next);
        }
    }
    Err(Error::refuse(codes::QUEUE_EMPTY))
}

/// Ends a ticket: served, and his visit with it; or gone.
pub(crate) async fn end(tx: &Tx, ports: &Ports, actor: &Actor, id: &str, left: bool) -> Result<Ticket, Error> {
    permit::staff(actor, DESK)?;
    let ticket = tickets::one(&**tx, id).await?;
    if ticket.ended_at.is_some() {
        return Ok(ticket);
    }
    match ticket.appointment {
        Some(appointment) if !left => {
            note_visit::run(tx, ports, actor, &appointment.to_string(), Move::Serve).await?;
        }
        Some(_) | None => tickets::end(tx, id, left, ports.context.sources.now()).await?,
    }
    tickets::one(&**tx, id).await
}

/// The ticket of a visit that is over is over, too.
pub(super) async fn close(tx: &Tx, ports: &Ports, of: &Appointment) -> Result<(), Error> {
    if let Some(ticket) = tickets::of_appointment(&**tx, &of.id.to_string()).await? {
        tickets::end(tx, &ticket.id, false, ports.context.sources.now()).await?;
    }
    Ok(())
}
