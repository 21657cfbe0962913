//! Books a slot of an office for each person, all or none. What the application holds is given up for it. Requests that
//! wait at the same time are decided on one after the other and written together, however many want the same slot.

use std::sync::Arc;

use chassis::{
    Error, Tx,
    command::{Asked, Group},
    outbox::Facts,
};
use kernel::{Actor, AppointmentId, PersonItemId, Refusal, Time, Violation};
use proto::booking::v1::{BookAppointmentsRequest, BookingRight};

use super::{Places, Ports, expect_open, expect_reliable, offered, office};
use crate::{
    domain::{
        appointment::{Appointment, State},
        codes,
        plan::{Plan, Plans},
        room::Room,
    },
    events, queries,
    store::{self, NewSlot, Right},
};

pub(crate) struct BookAppointments {
    pub ports: Arc<Ports>,
}

/// What a request asks for, as far as it may.
struct Wish<'a> {
    right: &'a Right,
    /// What its application has.
    kept: Vec<Appointment>,
    /// What it holds, and gives up.
    held: Vec<Appointment>,
    /// What it would have, earliest first, each with its place in the request and the places of its slot.
    wanted: Vec<(Appointment, usize, i32)>,
}

#[async_trait::async_trait]
impl Group for BookAppointments {
    const OPERATION: &'static str = "BookAppointments";
    type Request = BookAppointmentsRequest;
    type Answer = BookingRight;

    fn subject(&self, request: &BookAppointmentsRequest) -> i64 {
        request.application_number
    }

    async fn run(
        &self,
        tx: &Tx,
        asked: &[&Asked<BookAppointmentsRequest>],
    ) -> Result<Vec<Result<BookingRight, Error>>, Error> {
        let ports = &*self.ports;
        let numbers: Vec<i64> = asked.iter().map(|one| one.message.application_number).collect();
        let rights = store::rights(&**tx, numbers.clone()).await?;
        let mut known = store::appointments_of(&**tx, numbers).await?;
        let plans = office::plans(&**tx, ports).await?;
        let mut wishes: Vec<Result<Wish<'_>, Error>> = asked
            .iter()
            .map(|one| {
                let number = one.message.application_number;
                let right = rights.get(&number).ok_or(Error::NotFound)?;
                wish(ports, &plans, right, known.remove(&number).unwrap_or_default(), &one.call.actor, &one.message)
            })
            .collect();
        let mut room = room(tx, wishes.iter().flatten()).await?;
        for wish in &mut wishes {
            let full = wish.as_ref().ok().and_then(|wish| wish.take_places(&mut room).err());
            if let Some(full) = full {
                *wish = Err(full.into());
            }
        }
        write(tx, ports, asked, &wishes).await?;
        store::change_places(tx, room.changes()).await?;
        let answers = asked.iter().zip(wishes).map(|(one, wish)| {
            let Wish { right, kept, wanted, .. } = wish?;
            let mut all: Vec<_> = kept.into_iter().chain(wanted.into_iter().map(|(new, ..)| new)).collect();
            all.sort_by_key(|appointment| appointment.start);
            Ok(queries::right_to_wire(ports, &plans, &one.call.actor, right, &all))
        });
        Ok(answers.collect())
    }
}

impl Wish<'_> {
    fn take_places(&self, room: &mut Room) -> Result<(), Refusal> {
        let back: Vec<&str> = self.held.iter().map(|held| &*held.slot).collect();
        let wanted: Vec<&str> = self.wanted.iter().map(|(new, ..)| &*new.slot).collect();
        room.exchange(&back, &wanted).map_err(|nth| {
            let index = self.wanted.get(nth).map_or(0, |(_, index, _)| *index);
            Refusal::invalid(vec![Violation::new(format!("appointments[{index}].start"), codes::SLOT_FULL)])
        })
    }
}

fn wish<'a>(
    ports: &Ports,
    plans: &Plans,
    right: &'a Right,
    known: Vec<Appointment>,
    actor: &Actor,
    command: &BookAppointmentsRequest,
) -> Result<Wish<'a>, Error> {
    expect_open(actor, right)?;
    if command.appointments.is_empty() {
        return Err(Error::at("appointments", codes::APPOINTMENTS_NONE));
    }
    let plan = office::chosen(plans, &command.office_id)?;
    let (held, kept): (Vec<_>, Vec<_>) = known.into_iter().partition(|known| known.state == State::Held);
    expect_reliable(ports, actor, right, &kept)?;
    let mut wanted: Vec<(Appointment, usize, i32)> = Vec::new();
    for (index, choice) in command.appointments.iter().enumerate() {
        let field = |name: &str| format!("appointments[{index}].{name}");
        let item =
            person(right, &kept, &choice.person_item_id).map_err(|code| Error::at(&field("person_item_id"), code))?;
        if wanted.iter().any(|(other, ..)| other.item == item) {
            return Err(Error::at(&field("person_item_id"), codes::ALREADY_BOOKED));
        }
        let start = Time::from_micros(choice.start_at_micros);
        offered::bookable(ports, plan, actor, start).map_err(|code| Error::at(&field("start"), code))?;
        let mut appointment = fresh(ports, plan, right, start, item, State::Booked);
        appointment.settle_attendance(ports.context.sources.now(), ports.config.remind_before());
        let desks = desks(ports, plan, &appointment);
        wanted.push((appointment, index, desks));
    }
    wanted.sort_by_key(|(new, ..)| new.start);
    Ok(Wish { right, kept, held, wanted })
}

/// The slots that are wanted or given back, locked in the order of their ids; those that nobody has booked yet are made.
async fn room<'a>(tx: &Tx, wishes: impl Iterator<Item = &'a Wish<'a>> + Clone) -> Result<Room, Error> {
    let wanted = wishes.clone().flat_map(|wish| &wish.wanted).map(|(new, _, desks)| NewSlot {
        id: new.slot.clone(),
        start: new.start,
        capacity: *desks,
    });
    let back = wishes.flat_map(|wish| &wish.held).map(|held| held.slot.clone());
    Ok(Room::new(store::lock_slots(tx, wanted.collect(), back.collect()).await?))
}

/// Writes what is granted and tells of it.
async fn write(
    tx: &Tx,
    ports: &Ports,
    asked: &[&Asked<BookAppointmentsRequest>],
    wishes: &[Result<Wish<'_>, Error>],
) -> Result<(), Error> {
    let context = &ports.context;
    let now = context.sources.now();
    let (mut gone, mut booked, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut facts = Facts::new(&context.sources, context.service);
    for (one, wish) in asked.iter().zip(wishes) {
        let Ok(wish) = wish else { continue };
        gone.extend(wish.held.iter().map(|held| held.id.to_string()));
        for (new, ..) in &wish.wanted {
            booked.push(store::appointment_row(new));
            notes.push(store::note_row(new, one.call.actor.principal(), "BOOK", now));
            one.within(|| facts.add(new.id, new.version, &events::booked(ports, new)));
        }
    }
    store::delete_all_held(tx, gone).await?;
    store::insert_all(tx, booked, notes).await?;
    facts.write(tx).await
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

/// The places of an appointment's slot, by the plan of its office.
fn desks(ports: &Ports, plan: &Plan, of: &Appointment) -> i32 {
    plan.week(ports.context.zone.date(of.start)).pool(&of.kind).1
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
    let room = store::open_slot(tx, slot, appointment.start, desks(ports, plan, appointment)).await?;
    let room = room || places.frees(slot);
    places.take(slot);
    Ok(room)
}
