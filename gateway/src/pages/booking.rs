//! "Book a date": day and time for each person, or for a family one after the other; what is booked already.

mod calendar;
mod moving;

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::Application;
use proto::booking::v1::{
    Appointment, AppointmentChoice, BookAppointmentsRequest, BookingRight, CancelAppointmentRequest,
    ConfirmAttendanceRequest, GetBookingRightRequest, HoldCommand, HoldPlacesRequest, ListSlotsRequest,
    ListSlotsResponse, Office, Slot,
};
use tonic::{Response, Status};

use super::applications::answers::Answers;
use super::applications::{catalogue, load};
use super::offices::{self, OfficeLink};
use super::{Answer, Choice, html, html_refused, to, words};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::routes::{Audience, Route, get, post};
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Account, "/booking/{number}", show),
        post(Audience::Account, "/booking/{number}", book),
        post(Audience::Account, "/booking/{number}/hold", hold),
        post(Audience::Account, "/booking/{number}/confirm", confirm),
        post(Audience::Account, "/booking/{number}/release", release),
        post(Audience::Account, "/booking/{number}/attend", attend),
        post(Audience::Account, "/booking/{number}/cancel", cancel),
        get(Audience::Account, "/booking/{number}/visits/{appointment}", moving::show),
        post(Audience::Account, "/booking/{number}/visits/{appointment}", moving::choose),
        get(Audience::Account, "/booking/{number}/calendar", calendar::download),
    ]
}

/// Kind of a visit to fetch what is ready.
pub(in crate::pages) const PICK_UP: &str = "pick_up";

/// What the page of a kind of visit is called.
fn title(kind: &str) -> &'static str {
    if kind == PICK_UP { "book-a-pick-up" } else { "book-a-date" }
}

struct Booked {
    id: String,
    kind: String,
    person: String,
    time: String,
    /// Where, if there are several offices.
    place: String,
    state: String,
    tone: &'static str,
    code: String,
    confirm_by: String,
    can_move: bool,
    can_cancel: bool,
    can_confirm: bool,
    displaced: bool,
}

/// A person who has no visit yet.
struct Waiting {
    id: String,
    name: String,
    control: String,
}

#[derive(Template)]
#[template(path = "booking/booking.html")]
struct BookingPage {
    frame: Frame,
    form: Form,
    number: String,
    right: BookingRight,
    booked: Vec<Booked>,
    held: Vec<Booked>,
    held_until: String,
    waiting: Vec<Waiting>,
    /// To choose among first; none where there is one office alone.
    offices: Vec<OfficeLink>,
    /// Whose days and times are shown.
    office: Option<Office>,
    days: Vec<String>,
    date: String,
    times: Vec<Choice>,
    rows: Vec<Choice>,
    bring: Vec<String>,
    /// What is ready is fetched, rather than originals brought.
    is_pick_up: bool,
    has_calendar: bool,
    displaced: bool,
    saved: bool,
}

async fn right_of(visit: &Visit, number: i64) -> Result<BookingRight, Problem> {
    let request = visit.ask(GetBookingRightRequest { application_number: number });
    Ok(visit.app.services.booking().get_booking_right(request).await?.into_inner())
}

async fn slots_of(visit: &Visit, number: i64, date: &str, office: &str) -> Result<ListSlotsResponse, Problem> {
    let (date, office_id) = (date.to_owned(), office.to_owned());
    let request = visit.ask(ListSlotsRequest { application_number: number, date, office_id });
    Ok(visit.app.services.booking().list_slots(request).await?.into_inner())
}

/// The office that was asked for; where there is one alone, that.
fn chosen(right: &BookingRight, asked: &str) -> Option<Office> {
    if right.offices.len() > 1 {
        right.offices.iter().find(|office| office.id == asked).cloned()
    } else {
        right.office.clone()
    }
}

async fn page(
    visit: &Visit,
    number: i64,
    date: &str,
    asked_office: &str,
    mut form: Form,
) -> Result<BookingPage, Problem> {
    let right = right_of(visit, number).await?;
    let application = load(visit, number).await?;
    let answers = Answers::new(&visit.texts, &application, &catalogue(visit).await?);
    let frame = Frame::new(visit, title(&right.kind));
    let taken: Vec<_> = right
        .appointments
        .iter()
        .filter(|visit| visit.kind == right.kind && ["booked", "checked_in"].contains(&visit.state.as_str()))
        .chain(&right.held)
        .map(|visit| visit.person_item_id.as_str())
        .collect();
    let waiting: Vec<_> = right
        .person_item_ids
        .iter()
        .filter(|id| !taken.contains(&id.as_str()))
        .map(|id| Waiting { id: id.clone(), name: answers.person_name(id), control: format!("start.{id}") })
        .collect();
    let office = chosen(&right, asked_office);
    let slots = match &office {
        Some(office) if right.open && !waiting.is_empty() && right.held.is_empty() => {
            slots_of(visit, number, date, &office.id).await?
        }
        Some(_) | None => ListSlotsResponse::default(),
    };
    let times = times(&frame, &slots.slots);
    // A family takes one time after the other, unless it chooses otherwise.
    let mut next = times.iter().cycle();
    for person in &waiting {
        if let Some(time) = next.next() {
            form.preset(&person.control, &time.value);
        }
    }
    let shown = |visit: &Appointment| booked(&frame, &answers, &right.offices, visit);
    let id = office.as_ref().map_or("", |office| office.id.as_str());
    let to_office = |id: &str| format!("/booking/{number}?office={id}#days");
    Ok(BookingPage {
        booked: right.appointments.iter().map(shown).collect(),
        held: right.held.iter().map(shown).collect(),
        held_until: frame.clock(&right.held_until_micros),
        times,
        rows: rows(&frame, &slots.slots, waiting.len()),
        offices: offices::links(&right.offices, id, visit.language(), to_office),
        office,
        number: number.to_string(),
        form,
        waiting,
        days: slots.days,
        date: slots.date,
        bring: if right.kind == PICK_UP { Vec::new() } else { bring(&frame, &application) },
        is_pick_up: right.kind == PICK_UP,
        has_calendar: right.appointments.iter().any(calendar::has),
        displaced: right.appointments.iter().any(|visit| visit.displaced && visit.state == "booked"),
        saved: visit.query.has("saved"),
        right,
        frame,
    })
}

fn booked(frame: &Frame, answers: &Answers, offices: &[Office], visit: &Appointment) -> Booked {
    let may = |call: &str| visit.allowed.iter().any(|allowed| allowed == call);
    Booked {
        id: visit.id.clone(),
        kind: visit.kind.clone(),
        person: answers.person_name(&visit.person_item_id),
        time: frame.time(&visit.start_at_micros),
        place: offices::place(offices, &visit.office_id, frame.language()),
        state: visit.state.clone(),
        tone: words::visit_tone(&visit.state),
        code: visit.code.clone(),
        confirm_by: frame.time(&visit.confirm_by_micros),
        can_move: may("MoveAppointment"),
        can_cancel: may("CancelAppointment"),
        can_confirm: may("ConfirmAttendance"),
        displaced: visit.displaced && visit.state == "booked",
    }
}

/// The times of a day that have a place.
fn times(frame: &Frame, slots: &[Slot]) -> Vec<Choice> {
    let free = slots.iter().filter(|slot| slot.free > 0);
    free.map(|slot| {
        let count = slot.free.to_string();
        let places = frame.t.with("places-free", &[("count", &count)]);
        Choice::new(slot.start_at_micros.to_string(), format!("{} ({places})", frame.clock(&slot.start_at_micros)))
    })
    .collect()
}

/// The times from which so many persons can be received one after the other.
fn rows(frame: &Frame, slots: &[Slot], persons: usize) -> Vec<Choice> {
    let last = |index: usize| slots.get(index + persons.saturating_sub(1));
    let long_enough = |slot: &Slot| persons > 1 && usize::try_from(slot.in_a_row).is_ok_and(|row| row >= persons);
    slots
        .iter()
        .enumerate()
        .filter(|(_, slot)| long_enough(slot))
        .filter_map(|(index, slot)| {
            let (first, last) = (frame.clock(&slot.start_at_micros), frame.clock(&last(index)?.start_at_micros));
            let label = frame.t.with("times-in-a-row", &[("first", &first), ("last", &last)]);
            Some(Choice::new(slot.start_at_micros.to_string(), label))
        })
        .collect()
}

/// The papers whose originals are brought to the visit: those that have not come yet.
fn bring(frame: &Frame, application: &Application) -> Vec<String> {
    let of_persons = application.lines.iter().flat_map(|line| &line.persons).flat_map(|person| &person.documents);
    let mut names: Vec<String> = Vec::new();
    for paper in application
        .documents
        .iter()
        .chain(of_persons)
        .filter(|paper| paper.original && paper.original_state != "received")
    {
        let name = frame.local(&paper.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let (date, office) = (visit.query.text("date"), visit.query.text("office"));
    let page = page(&visit, number, &date, &office, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

async fn book(Path(number): Path<i64>, posted: Posted) -> Answer {
    let appointments = posted
        .fields
        .all("person")
        .into_iter()
        .map(|id| AppointmentChoice {
            start_at_micros: posted.fields.number(&format!("start.{id}")),
            person_item_id: id,
        })
        .collect();
    let office_id = posted.fields.text("office");
    let request = posted.command(BookAppointmentsRequest { application_number: number, appointments, office_id });
    let answer = posted.visit.app.services.booking().book_appointments(request).await;
    done(posted, number, answer, "?saved").await
}

async fn hold(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(HoldPlacesRequest {
        application_number: number,
        start_at_micros: posted.fields.number("start"),
        person_item_ids: posted.fields.all("person"),
        office_id: posted.fields.text("office"),
    });
    let answer = posted.visit.app.services.booking().hold_places(request).await;
    done(posted, number, answer, "").await
}

async fn confirm(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(HoldCommand { application_number: number });
    let answer = posted.visit.app.services.booking().confirm_hold(request).await;
    done(posted, number, answer, "?saved").await
}

async fn release(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(HoldCommand { application_number: number });
    let answer = posted.visit.app.services.booking().release_hold(request).await;
    done(posted, number, answer, "").await
}

async fn attend(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(ConfirmAttendanceRequest { appointment_id: posted.fields.text("appointment") });
    let answer = posted.visit.app.services.booking().confirm_attendance(request).await;
    done(posted, number, answer, "").await
}

async fn cancel(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(CancelAppointmentRequest { appointment_id: posted.fields.text("appointment") });
    let answer = posted.visit.app.services.booking().cancel_appointment(request).await;
    done(posted, number, answer, "").await
}

/// Back to the page; a refusal stands on it.
async fn done(posted: Posted, number: i64, answer: Result<Response<BookingRight>, Status>, query: &str) -> Answer {
    match answer {
        Ok(_) => Ok(to(&format!("/booking/{number}{query}"))),
        Err(status) => refused(posted, number, Problem::from(status)).await,
    }
}

/// `appointments[1].start` stands at the control of the second person.
fn at_controls(mut problem: Problem, persons: &[String]) -> Problem {
    for violation in &mut problem.violations {
        let index = violation
            .field
            .strip_prefix("appointments[")
            .and_then(|rest| rest.split(']').next())
            .and_then(|index| index.parse::<usize>().ok());
        if let Some(id) = index.and_then(|index| persons.get(index)) {
            violation.field = format!("start.{id}");
        }
    }
    problem
}

async fn refused(posted: Posted, number: i64, problem: Problem) -> Answer {
    let problem = at_controls(problem.refusal()?, &posted.fields.all("person"));
    let (date, office) = (posted.fields.text("date"), posted.fields.text("office"));
    let form = Form::refused(&posted.visit, posted.fields, problem.clone());
    let page = page(&posted.visit, number, &date, &office, form).await?;
    Ok(html_refused(&page, &problem))
}
