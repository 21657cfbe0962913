//! Books a slot of an office for each person, all or none. What the application holds is given up for it.

use chassis::{Error, Tx};
use kernel::{Actor, AppointmentId, PersonItemId, Refusal, Time, Violation};
use proto::booking::v1::{BookAppointmentsRequest, BookingRight};

use super::{Places, Ports, expect_reliable, hold_places, offered, office, open_right, tell};
use crate::{
    domain::{
        appointment::{Appointment, State},
        codes,
        plan::Plan,
    },
    events::Telling,
    queries,
    store::{self, Right},
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &BookAppointmentsRequest,
) -> Result<BookingRight, Error> {
    let number = command.application_number;
    let right = open_right(tx, actor, number).await?;
    if command.appointments.is_empty() {
        return Err(Error::at("appointments", codes::APPOINTMENTS_NONE));
    }
    let plans = office::plans(&**tx, ports).await?;
    let plan = office::chosen(&plans, &command.office_id)?;
    let mut places = Places::default();
    let mut all = hold_places::give_up(tx, number, &mut places).await?;
    expect_reliable(ports, actor, &right, &all)?;
    let mut chosen = Vec::new();
    for (index, choice) in command.appointments.iter().enumerate() {
        let field = |name: &str| format!("appointments[{index}].{name}");
        let item =
            person(&right, &all, &choice.person_item_id).map_err(|code| Error::at(&field("person_item_id"), code))?;
        if chosen.iter().any(|(_, other, _)| *other == item) {
            return Err(Error::at(&field("person_item_id"), codes::ALREADY_BOOKED));
        }
        let start = Time::from_micros(choice.start_at_micros);
        offered::bookable(ports, plan, actor, start).map_err(|code| Error::at(&field("start"), code))?;
        chosen.push((start, item, index));
    }
    chosen.sort_by_key(|(start, _, _)| *start);
    let mut wanted = Vec::new();
    for (start, item, index) in chosen {
        let mut appointment = fresh(ports, plan, &right, start, item, State::Booked);
        appointment.settle_attendance(ports.context.sources.now(), ports.config.remind_before());
        // Whoever comes too late writes nothing; who is in time may still find it full below.
        if !want(tx, ports, plan, &mut places, &appointment).await? {
            return Err(full(index).into());
        }
        store::insert_appointment(tx, &appointment).await?;
        tell(tx, ports, actor, &appointment, "BOOK", Telling::State).await?;
        wanted.push((appointment.slot.clone(), index));
        all.push(appointment);
    }
    if let Some(slot) = places.settle(tx).await? {
        let index = wanted.iter().rev().find(|(known, _)| *known == slot).map_or(0, |(_, index)| *index);
        return Err(full(index).into());
    }
    all.sort_by_key(|appointment| appointment.start);
    Ok(queries::right_to_wire(ports, &plans, actor, &right, &all))
}

fn full(index: usize) -> Refusal {
    Refusal::invalid(vec![Violation::new(format!("appointments[{index}].start"), codes::SLOT_FULL)])
}

/// A person of the case who has no visit yet.
pub(super) fn person(right: &Right, all: &[Appointment], id: &str) -> Result<PersonItemId, kernel::Code> {
    let item = id.parse().ok().filter(|item| right.items.contains(item)).ok_or(codes::ITEM_UNKNOWN)?;
    if has_visit(right, all, item) { Err(codes::ALREADY_BOOKED) } else { Ok(item) }
}

pub(super) fn has_visit(right: &Right, all: &[Appointment], item: PersonItemId) -> bool {
    all.iter().any(|known| known.item == item && known.kind == right.kind && known.is_active())
}

pub(super) fn fresh(
    ports: &Ports,
    plan: &Plan,
    right: &Right,
    start: Time,
    item: PersonItemId,
    state: State,
) -> Appointment {
    Appointment {
        id: AppointmentId::from_uuid(ports.context.sources.uuid()),
        application: right.application,
        account: right.account,
        item,
        kind: right.kind.clone(),
        office: plan.office.clone(),
        slot: slot(ports, plan, &right.kind, start),
        start,
        state,
        version: 1,
        held_until: None,
        confirmed_at: None,
        reminded_at: None,
        displaced_at: None,
        moves: 0,
    }
}

/// The slot of the plan's office that a visit of a kind takes its place from.
pub(super) fn slot(ports: &Ports, plan: &Plan, kind: &str, start: Time) -> String {
    let (pool, _) = plan.week(ports.context.zone.date(start)).pool(kind);
    store::slot_id(&plan.office, pool, start)
}

/// Puts an appointment's place on the list; false when the slot is full already.
pub(super) async fn want(
    tx: &Tx,
    ports: &Ports,
    plan: &Plan,
    places: &mut Places,
    appointment: &Appointment,
) -> Result<bool, Error> {
    let slot = &appointment.slot;
    let (_, desks) = plan.week(ports.context.zone.date(appointment.start)).pool(&appointment.kind);
    let room = store::open_slot(tx, slot, appointment.start, desks).await?;
    let room = room || places.frees(slot);
    places.take(slot);
    Ok(room)
}
