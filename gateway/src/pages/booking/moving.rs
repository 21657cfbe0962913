//! Another time for a visit that is booked.

use askama::Template;
use axum::extract::Path;
use proto::booking::v1::MoveAppointmentRequest;

use super::{Booked, booked, chosen, right_of, slots_of, times};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::answers::Answers;
use crate::pages::applications::{catalogue, load};
use crate::pages::offices::{self, OfficeLink};
use crate::pages::{Answer, Choice, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "booking/move.html")]
struct MovePage {
    frame: Frame,
    form: Form,
    number: String,
    booked: Booked,
    /// To choose among; none where there is one office alone.
    offices: Vec<OfficeLink>,
    office: String,
    days: Vec<String>,
    date: String,
    times: Vec<Choice>,
}

async fn page(
    visit: &Visit,
    number: i64,
    id: &str,
    (date, asked_office): (String, String),
    form: Form,
) -> Result<MovePage, Problem> {
    let right = right_of(visit, number).await?;
    let found = right.appointments.iter().find(|known| known.id == id).ok_or_else(Problem::not_found)?;
    let application = load(visit, number).await?;
    let answers = Answers::new(&visit.texts, &application, &catalogue(visit).await?);
    // Without a choice the visit stays in its office, unless that is no more.
    let office = chosen(&right, &asked_office).or_else(|| chosen(&right, &found.office_id)).or(right.office.clone());
    let office = office.map(|office| office.id).unwrap_or_default();
    let slots = slots_of(visit, number, &date, &office).await?;
    let to_office = |office: &str| format!("/booking/{number}/visits/{id}?office={office}");
    let frame = Frame::new(visit, "move-visit");
    Ok(MovePage {
        booked: booked(&frame, &answers, &right.offices, found),
        offices: offices::links(&right.offices, &office, visit.language(), to_office),
        office,
        times: times(&frame, &slots.slots),
        number: number.to_string(),
        days: slots.days,
        date: slots.date,
        form,
        frame,
    })
}

pub(super) async fn show(visit: Visit, Path((number, id)): Path<(i64, String)>) -> Answer {
    let shown = (visit.query.text("date"), visit.query.text("office"));
    let page = page(&visit, number, &id, shown, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

pub(super) async fn choose(Path((number, id)): Path<(i64, String)>, posted: Posted) -> Answer {
    let request = posted.command(MoveAppointmentRequest {
        appointment_id: id.clone(),
        start_at_micros: posted.fields.number("start"),
        office_id: posted.fields.text("office"),
    });
    match posted.visit.app.services.booking().move_appointment(request).await {
        Ok(_) => Ok(to(&format!("/booking/{number}?saved"))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let shown = (posted.fields.text("date"), posted.fields.text("office"));
            let form = Form::refused(&posted.visit, posted.fields, problem.clone());
            Ok(html_refused(&page(&posted.visit, number, &id, shown, form).await?, &problem))
        }
    }
}
