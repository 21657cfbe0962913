//! Reads: the right to book with its appointments, free slots, the day sheet, an office's hours.

mod hours;
pub(crate) mod report;

use std::collections::HashMap;

use chassis::{Error, auth::permit, db::Source, wire};
use kernel::{AccountId, Actor, Role, Scope, parse_date};
use proto::booking::v1 as pb;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

pub(crate) use hours::hours;

use crate::{
    app::{Ports, offered, office},
    config::Office,
    domain::{
        appointment::{Appointment, State},
        plan::{Plan, Plans},
        queue::Ticket,
    },
    store::{self, Right, appointment, slot},
};

/// Not found, unless it is the actor's own or he receives visitors.
pub(crate) fn visible(actor: &Actor, owner: AccountId) -> Result<(), Error> {
    let staff = actor.has_role(Role::Manager) || actor.has_role(Role::Supervisor);
    if actor.account() == Some(owner) || staff { Ok(()) } else { Err(Error::NotFound) }
}

async fn own_right(db: &impl Source, actor: &Actor, number: i64) -> Result<Right, Error> {
    let right = store::right(db, number).await?.ok_or(Error::NotFound)?;
    visible(actor, right.account)?;
    Ok(right)
}

/// What may be booked for an application, and what is booked.
pub(crate) async fn booking_right(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    number: i64,
) -> Result<pb::BookingRight, Error> {
    let right = own_right(db, actor, number).await?;
    let appointments = store::appointments(db, number).await?;
    let plans = office::plans(db, ports).await?;
    Ok(right_to_wire(ports, &plans, actor, &right, &appointments))
}

/// The same from what is loaded already; appointments earliest first.
pub(crate) fn right_to_wire(
    ports: &Ports,
    plans: &Plans,
    actor: &Actor,
    right: &Right,
    appointments: &[Appointment],
) -> pb::BookingRight {
    let now = ports.context.sources.now();
    let (held, booked): (Vec<&Appointment>, Vec<&Appointment>) =
        appointments.iter().partition(|appointment| appointment.state == State::Held);
    // What has run out is nobody's, whether or not its place is free again.
    let held: Vec<&Appointment> = held.into_iter().filter(|one| one.held_until.is_some_and(|at| at > now)).collect();
    pb::BookingRight {
        application_number: right.application.get(),
        open: right.open,
        kind: right.kind.clone(),
        person_item_ids: right.items.iter().map(ToString::to_string).collect(),
        appointments: booked.into_iter().map(|appointment| to_wire(ports, plans, actor, appointment)).collect(),
        office: Some(office_to_wire(ports, ports.config.offices.first())),
        offices: offices_to_wire(ports),
        held_until_micros: held.iter().filter_map(|one| one.held_until).min().map_or(0, |until| until.micros()),
        held: held.into_iter().map(|appointment| to_wire(ports, plans, actor, appointment)).collect(),
    }
}

/// Slots of an office's day; without a day, of the first one that has a free slot.
pub(crate) async fn slots(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::ListSlotsRequest,
) -> Result<pb::ListSlotsResponse, Error> {
    let right = own_right(db, actor, request.application_number).await?;
    let context = &ports.context;
    let plans = office::plans(db, ports).await?;
    let plan = office::chosen(&plans, &request.office_id)?;
    let days = plan.bookable_days(&ports.config, context.zone.date(context.sources.now()));
    let asked = if request.date.is_empty() {
        None
    } else {
        Some(parse_date(&request.date).map_err(|error| Error::at("date", kernel::ErrorCode::code(&error)))?)
    };
    let mut shown = (asked.unwrap_or_default(), Vec::new());
    for day in days.iter().copied().filter(|day| asked.is_none_or(|asked| asked == *day)) {
        let free = of_day(db, ports, plan, &right.kind, day).await?;
        let any = free.iter().any(|slot| slot.free > 0);
        shown = (day, free);
        if any {
            break;
        }
    }
    Ok(pb::ListSlotsResponse {
        date: shown.0.to_string(),
        days: days.iter().map(ToString::to_string).collect(),
        slots: shown.1,
        office_id: plan.office.clone(),
    })
}

/// Slots of a day, also those that nobody has booked yet.
pub(crate) async fn of_day(
    db: &impl ConnectionTrait,
    ports: &Ports,
    plan: &Plan,
    kind: &str,
    day: jiff::civil::Date,
) -> Result<Vec<pb::Slot>, Error> {
    let starts: Vec<kernel::Time> = plan.slots(day).into_iter().map(|civil| ports.context.zone.time(civil)).collect();
    let week = plan.week(day);
    let (pool, desks) = week.pool(kind);
    let ids: Vec<String> = starts.iter().map(|start| store::slot_id(&plan.office, pool, *start)).collect();
    let rows = slot::Entity::find().filter(slot::Column::Id.is_in(ids)).all(db).await?;
    let known: HashMap<i64, &slot::Model> = rows.iter().map(|row| (row.start_at, row)).collect();
    let length = week.slot_minutes * 60_000_000;
    let mut slots: Vec<pb::Slot> = Vec::new();
    // From the last to the first, so that each knows how many follow it.
    for start in starts.into_iter().rev() {
        let (capacity, taken) = known.get(&start.micros()).map_or((desks, 0), |row| (row.capacity, row.taken));
        let free = capacity.saturating_sub(taken).unsigned_abs();
        let after = slots.last().filter(|next| next.start_at_micros == start.micros() + length);
        slots.push(pb::Slot {
            start_at_micros: start.micros(),
            capacity: capacity.unsigned_abs(),
            free,
            in_a_row: if free == 0 { 0 } else { after.map_or(0, |next| next.in_a_row) + 1 },
        });
    }
    slots.reverse();
    Ok(slots)
}

/// Visits of a day in an office, earliest first.
pub(crate) async fn day_sheet(
    db: &impl ConnectionTrait,
    ports: &Ports,
    actor: &Actor,
    request: &pb::GetDaySheetRequest,
) -> Result<pb::DaySheet, Error> {
    permit::staff_or_scope(actor, &[Role::Manager, Role::Supervisor], Scope::BookingRead)?;
    let (context, date) = (&ports.context, request.date.as_str());
    let here = office::named(ports, &request.office_id)?;
    let keys = ports.config.offices.keys(&here.id);
    let day = if date.is_empty() {
        context.zone.date(context.sources.now())
    } else {
        parse_date(date).map_err(|error| Error::at("date", kernel::ErrorCode::code(&error)))?
    };
    let next = day.tomorrow().map_err(|error| Error::Internal(error.into()))?;
    let rows = appointment::Entity::find()
        .filter(appointment::Column::StartAt.gte(context.zone.start_of(day).micros()))
        .filter(appointment::Column::StartAt.lt(context.zone.start_of(next).micros()))
        .filter(appointment::Column::OfficeId.is_in(keys.clone()))
        .filter(appointment::Column::State.ne(State::Held.code()))
        .order_by_asc(appointment::Column::StartAt)
        .all(db)
        .await?;
    let plans = office::plans(db, ports).await?;
    let now = context.sources.now();
    let numbers = rows.iter().map(|row| row.application_number);
    let rules = store::late_minutes(db, numbers.collect()).await?;
    let appointments = rows
        .into_iter()
        .map(|row| {
            let found = store::to_appointment(row)?;
            let own = rules.get(&found.application.get()).copied();
            Ok(pb::Appointment { late: is_late(ports, &found, own), ..to_wire(ports, &plans, actor, &found) })
        })
        .collect::<Result<_, Error>>()?;
    let mut queue = store::tickets::of_day(db, keys, day).await?;
    // Who waits in the order of the calls, after him who is at a desk; who has gone comes last.
    queue.sort_by_key(|ticket| (ticket.ended_at, ticket.called_at.is_none(), ticket.called_at, ticket.rank(now)));
    Ok(pb::DaySheet {
        date: day.to_string(),
        appointments,
        queue: queue.iter().map(|ticket| ticket_to_wire(ports, ticket)).collect(),
        today: day == context.zone.date(now),
        office: Some(office_to_wire(ports, here)),
        offices: offices_to_wire(ports),
    })
}

/// One appointment with what became of it.
pub(crate) async fn one(
    db: &impl ConnectionTrait,
    ports: &Ports,
    actor: &Actor,
    id: &str,
) -> Result<pb::Appointment, Error> {
    let found = store::appointment(db, id).await?;
    visible(actor, found.account)?;
    let history = store::history(db, id).await?;
    let told = |row: store::appointment_change::Model| pb::AppointmentChange {
        at_micros: row.at,
        by: row.by,
        what: row.what,
        start_at_micros: row.start_at,
        office_id: office_id(ports, &row.office_id),
    };
    Ok(pb::Appointment {
        history: history.into_iter().map(told).collect(),
        ..to_wire(ports, &*office::plans(db, ports).await?, actor, &found)
    })
}

pub(crate) fn to_wire(ports: &Ports, plans: &Plans, actor: &Actor, appointment: &Appointment) -> pb::Appointment {
    let minutes = plans
        .of(&appointment.office)
        .and_then(|plan| u32::try_from(plan.week(ports.context.zone.date(appointment.start)).slot_minutes).ok());
    pb::Appointment {
        id: appointment.id.to_string(),
        application_number: appointment.application.get(),
        person_item_id: appointment.item.to_string(),
        kind: appointment.kind.clone(),
        start_at_micros: appointment.start.micros(),
        length_minutes: minutes.unwrap_or(0),
        state: appointment.state.code().to_owned(),
        version: appointment.version,
        code: appointment.code(),
        confirm_by_micros: offered::confirm_by(ports, appointment).map_or(0, |by| by.micros()),
        allowed: offered::allowed(ports, actor, appointment),
        history: Vec::new(),
        displaced: appointment.displaced_at.is_some(),
        late: is_late(ports, appointment, None),
        office_id: office_id(ports, &appointment.office),
    }
}

/// Booked, not here, and later than his case's rule (or the office's) has patience for.
fn is_late(ports: &Ports, of: &Appointment, own_minutes: Option<u32>) -> bool {
    of.state == State::Booked && of.start.plus(ports.config.patience(own_minutes)) < ports.context.sources.now()
}

/// The id of the office that a row names, which may be no more.
fn office_id(ports: &Ports, of_row: &str) -> String {
    ports.config.offices.named(of_row).map_or(of_row, |office| &office.id).to_owned()
}

fn offices_to_wire(ports: &Ports) -> Vec<pb::Office> {
    ports.config.offices.all().map(|office| office_to_wire(ports, office)).collect()
}

fn office_to_wire(ports: &Ports, office: &Office) -> pb::Office {
    pb::Office {
        id: office.id.clone(),
        name: Some(wire::localized(&office.name)),
        address: Some(wire::localized(&office.address)),
        zone: ports.context.zone.name().to_owned(),
    }
}

pub(crate) fn ticket_to_wire(ports: &Ports, ticket: &Ticket) -> pb::Ticket {
    pb::Ticket {
        id: ticket.id.clone(),
        number: u32::try_from(ticket.number).unwrap_or(0),
        application_number: ticket.application.get(),
        appointment_id: ticket.appointment.map(|id| id.to_string()).unwrap_or_default(),
        lane: ticket.lane.code().to_owned(),
        state: ticket.state().to_owned(),
        due_at_micros: ticket.due_at.micros(),
        desk: ticket.desk.unsigned_abs(),
        office_id: office_id(ports, &ticket.office),
    }
}
