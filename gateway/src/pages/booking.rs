//! "Book a date": day and time for each person, and what is booked already.

use askama::Template;
use axum::extract::Path;
use proto::booking::v1::{
    AppointmentChoice, BookAppointmentsRequest, BookingRight, CancelAppointmentRequest, GetBookingRightRequest,
    ListSlotsRequest,
};

use super::applications::answers::Answers;
use super::applications::{catalogue, load};
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
        post(Audience::Account, "/booking/{number}/cancel", cancel),
    ]
}

struct Booked {
    id: String,
    person: String,
    time: String,
    state: String,
    tone: &'static str,
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
    waiting: Vec<Waiting>,
    days: Vec<String>,
    date: String,
    times: Vec<Choice>,
    saved: bool,
}

async fn page(visit: &Visit, number: i64, date: &str, mut form: Form) -> Result<BookingPage, Problem> {
    let mut booking = visit.app.services.booking();
    let request = visit.ask(GetBookingRightRequest { application_number: number });
    let right = booking.get_booking_right(request).await?.into_inner();
    let application = load(visit, number).await?;
    let answers = Answers::new(&visit.texts, &application, &catalogue(visit).await?);
    let frame = Frame::new(visit, "book-a-date");
    let held: Vec<_> = right
        .appointments
        .iter()
        .filter(|visit| visit.state != "cancelled" && visit.state != "missed")
        .map(|visit| visit.person_item_id.as_str())
        .collect();
    let waiting: Vec<_> = right
        .person_item_ids
        .iter()
        .filter(|id| !held.contains(&id.as_str()))
        .map(|id| Waiting { id: id.clone(), name: answers.person_name(id), control: format!("start.{id}") })
        .collect();
    let slots = if right.open && !waiting.is_empty() {
        let request = visit.ask(ListSlotsRequest { application_number: number, date: date.to_owned() });
        booking.list_slots(request).await?.into_inner()
    } else {
        proto::booking::v1::ListSlotsResponse::default()
    };
    let times: Vec<_> = slots
        .slots
        .iter()
        .filter(|slot| slot.free > 0)
        .map(|slot| {
            let free = slot.free.to_string();
            let label = format!(
                "{} ({})",
                frame.clock(&slot.start_at_micros),
                frame.t.with("places-free", &[("count", &free)])
            );
            Choice::new(slot.start_at_micros.to_string(), label)
        })
        .collect();
    // A family takes one time after the other, unless it chooses otherwise.
    let mut next = times.iter().cycle();
    for person in &waiting {
        if let Some(time) = next.next() {
            form.preset(&person.control, &time.value);
        }
    }
    Ok(BookingPage {
        booked: right
            .appointments
            .iter()
            .map(|visit| Booked {
                id: visit.id.clone(),
                person: answers.person_name(&visit.person_item_id),
                time: frame.time(&visit.start_at_micros),
                state: visit.state.clone(),
                tone: words::visit_tone(&visit.state),
            })
            .collect(),
        times,
        number: number.to_string(),
        form,
        waiting,
        days: slots.days,
        date: slots.date,
        saved: visit.query.has("saved"),
        right,
        frame,
    })
}

async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let date = visit.query.text("date");
    let page = page(&visit, number, &date, Form::new(&visit, Fields::default())).await?;
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
    let request = posted.command(BookAppointmentsRequest { application_number: number, appointments });
    match posted.visit.app.services.booking().book_appointments(request).await {
        Ok(_) => Ok(to(&format!("/booking/{number}?saved"))),
        Err(status) => refused(posted, number, Problem::from(status)).await,
    }
}

async fn cancel(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(CancelAppointmentRequest { appointment_id: posted.fields.text("appointment") });
    match posted.visit.app.services.booking().cancel_appointment(request).await {
        Ok(_) => Ok(to(&format!("/booking/{number}"))),
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
    let date = posted.fields.text("date");
    let form = Form::refused(&posted.visit, posted.fields, problem.clone());
    let page = page(&posted.visit, number, &date, form).await?;
    Ok(html_refused(&page, &problem))
}
