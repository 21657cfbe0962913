//! Books a slot for each person, all or none. Places are taken in the order of the slots, so that two families never
//! wait for each other; and last of all, since whoever wants the same slot waits from there to the commit.

use chassis::{Error, Tx};
use kernel::{Actor, AppointmentId, PersonItemId, Refusal, Time, Violation};
use proto::booking::v1::{BookAppointmentsRequest, BookingRight};

use super::Ports;
use crate::{
    domain::{
        appointment::{Appointment, State},
        codes, hours,
    },
    events, queries, store,
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &BookAppointmentsRequest,
) -> Result<BookingRight, Error> {
    let context = &ports.context;
    let number = command.application_number;
    let right = store::right(&**tx, number).await?.ok_or(Error::NotFound)?;
    queries::visible(actor, right.account)?;
    if !right.open {
        return Err(Error::refuse(codes::BOOKING_NOT_OPEN));
    }
    if command.appointments.is_empty() {
        return Err(Error::at("appointments", codes::APPOINTMENTS_NONE));
    }
    let mut all = store::appointments(&**tx, number).await?;
    let mut chosen = Vec::new();
    for (index, choice) in command.appointments.iter().enumerate() {
        let field = |name: &str| format!("appointments[{index}].{name}");
        let item: PersonItemId = choice
            .person_item_id
            .parse()
            .ok()
            .filter(|item| right.items.contains(item))
            .ok_or_else(|| Error::at(&field("person_item_id"), codes::ITEM_UNKNOWN))?;
        let booked = all.iter().any(|(known, _)| known.item == item && known.kind == right.kind && known.is_active());
        if booked || chosen.iter().any(|(_, other, _)| *other == item) {
            return Err(Error::at(&field("person_item_id"), codes::ALREADY_BOOKED));
        }
        let start = Time::from_micros(choice.start_at_micros);
        bookable(ports, start).map_err(|code| Error::at(&field("start"), code))?;
        chosen.push((start, item, index));
    }
    chosen.sort_by_key(|(start, _, _)| *start);
    let capacity = ports.config.office.slot_capacity;
    let full = |index| Refusal::invalid(vec![Violation::new(format!("appointments[{index}].start"), codes::SLOT_FULL)]);
    let mut wanted = Vec::new();
    for (start, item, index) in chosen {
        let slot = store::slot_id(&ports.config.office.id, &right.kind, start);
        // Whoever comes too late writes nothing; who is in time may still find it full below.
        if !store::open_slot(tx, &slot, start, capacity).await? {
            return Err(full(index).into());
        }
        let appointment = Appointment {
            id: AppointmentId::from_uuid(context.sources.uuid()),
            application: right.application,
            account: right.account,
            item,
            kind: right.kind.clone(),
            start,
            state: State::Booked,
            version: 1,
        };
        store::insert_appointment(tx, &appointment, &slot).await?;
        events::publish(tx, context, &appointment).await?;
        wanted.push((slot.clone(), index));
        all.push((appointment, slot));
    }
    for (slot, index) in wanted {
        if !store::take_place(tx, &slot).await? {
            return Err(full(index).into());
        }
    }
    all.sort_by_key(|(appointment, _)| appointment.start);
    Ok(queries::right_to_wire(ports, &right, &all))
}

/// Whether a slot begins then, on a day that may be booked now.
fn bookable(ports: &Ports, start: Time) -> Result<(), kernel::Code> {
    let context = &ports.context;
    let civil = context.zone.civil(start);
    if !hours::slots(&ports.config.office, &ports.calendar, civil.date()).contains(&civil) {
        return Err(codes::SLOT_UNKNOWN);
    }
    let today = context.zone.date(context.sources.now());
    if hours::days(&ports.config, &ports.calendar, today).contains(&civil.date()) {
        Ok(())
    } else {
        Err(codes::SLOT_TOO_SOON)
    }
}
