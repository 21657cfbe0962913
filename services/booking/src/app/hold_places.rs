//! Keeps a family's places in slots of one office that follow each other, all or none, while it makes up its mind.

use chassis::{Error, Tx};
use jiff::ToSpan as _;
use kernel::{Actor, PersonItemId, Time};
use proto::booking::v1::{BookingRight, HoldPlacesRequest};

use super::{Places, Ports, book_appointments as book, expect_reliable, offered, office, open_right};
use crate::{
    domain::{
        appointment::{Appointment, State},
        codes,
        plan::Plan,
    },
    queries,
    store::{self, Right},
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &HoldPlacesRequest,
) -> Result<BookingRight, Error> {
    let right = open_right(tx, actor, command.application_number).await?;
    let plans = office::plans(&**tx, ports).await?;
    let plan = office::chosen(&plans, &command.office_id)?;
    let mut places = Places::default();
    let mut all = give_up(tx, command.application_number, &mut places).await?;
    expect_reliable(ports, actor, &right, &all)?;
    let persons = persons(&right, &all, &command.person_item_ids)?;
    let start = Time::from_micros(command.start_at_micros);
    offered::bookable(ports, plan, actor, start).map_err(|code| Error::at("start", code))?;
    let starts = in_a_row(ports, plan, start, persons.len());
    if starts.len() < persons.len() {
        return Err(Error::at("start", codes::SLOTS_NOT_IN_A_ROW));
    }
    let until = ports.context.sources.now().plus(ports.config.hold());
    for (item, start) in persons.into_iter().zip(starts) {
        let held =
            Appointment { held_until: Some(until), ..book::fresh(ports, plan, &right, start, item, State::Held) };
        if !book::want(tx, ports, plan, &mut places, &held).await? {
            return Err(Error::at("start", codes::SLOT_FULL));
        }
        store::insert_appointment(tx, &held).await?;
        all.push(held);
    }
    if places.settle(tx).await?.is_some() {
        return Err(Error::at("start", codes::SLOT_FULL));
    }
    Ok(queries::right_to_wire(ports, &plans, actor, &right, &all))
}

/// Gives up what is held.
pub(crate) async fn release(tx: &Tx, ports: &Ports, actor: &Actor, number: i64) -> Result<BookingRight, Error> {
    let right = store::right(&**tx, number).await?.ok_or(Error::NotFound)?;
    queries::visible(actor, right.account)?;
    let mut places = Places::default();
    let left = give_up(tx, number, &mut places).await?;
    places.settle(tx).await?;
    let plans = office::plans(&**tx, ports).await?;
    Ok(queries::right_to_wire(ports, &plans, actor, &right, &left))
}

/// Takes an application's holds away, under the lock of its right; their places are on the list. Tells what is left.
pub(super) async fn give_up(tx: &Tx, number: i64, places: &mut Places) -> Result<Vec<Appointment>, Error> {
    let mut left = Vec::new();
    for appointment in store::appointments(&**tx, number).await? {
        if appointment.state != State::Held {
            left.push(appointment);
        } else if store::delete_held(tx, &appointment, None).await? {
            places.free(&appointment.slot);
        }
    }
    Ok(left)
}

/// Who is to come, in order.
fn persons(right: &Right, all: &[Appointment], asked: &[String]) -> Result<Vec<PersonItemId>, Error> {
    let at = |code| Error::at("person_item_ids", code);
    let mut persons = Vec::new();
    for id in asked {
        let item = book::person(right, all, id).map_err(at)?;
        if persons.contains(&item) {
            return Err(at(codes::ALREADY_BOOKED));
        }
        persons.push(item);
    }
    if asked.is_empty() {
        persons.extend(right.items.iter().copied().filter(|item| !book::has_visit(right, all, *item)));
    }
    if persons.is_empty() { Err(at(codes::ALREADY_BOOKED)) } else { Ok(persons) }
}

/// Up to so many slots from a start on, without a gap between them.
fn in_a_row(ports: &Ports, plan: &Plan, start: Time, count: usize) -> Vec<Time> {
    let zone = &ports.context.zone;
    let civil = zone.civil(start);
    let length = plan.week(civil.date()).slot_minutes.minutes();
    let mut due = Some(civil);
    let of_day = plan.slots(civil.date());
    let row = of_day.into_iter().skip_while(|slot| *slot < civil).take_while(|slot| {
        let follows = due == Some(*slot);
        due = slot.checked_add(length).ok();
        follows
    });
    row.take(count).map(|slot| zone.time(slot)).collect()
}
