//! The visits of a day: check-in, served, missed.

use askama::Template;
use axum::extract::Path;
use proto::booking::v1::{Appointment, AppointmentCommand, GetDaySheetRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "staff/day_sheet.html")]
struct DaySheetPage {
    frame: Frame,
    form: Form,
    date: String,
    visits: Vec<Appointment>,
}

async fn page(visit: &Visit, date: String, form: Form) -> Result<DaySheetPage, Problem> {
    let request = visit.ask(GetDaySheetRequest { date });
    let sheet = visit.app.services.booking().get_day_sheet(request).await?.into_inner();
    Ok(DaySheetPage { frame: Frame::new(visit, "staff-day-sheet"), form, date: sheet.date, visits: sheet.appointments })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let date = visit.query.text("date");
    let page = page(&visit, date, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

pub(super) async fn give(Path(appointment_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(AppointmentCommand { appointment_id });
    let mut booking = posted.visit.app.services.booking();
    let answer = match posted.fields.get("action") {
        "check-in" => booking.check_in(request).await,
        "served" => booking.mark_served(request).await,
        "missed" => booking.mark_missed(request).await,
        _ => return Err(Problem::malformed()),
    };
    let date = posted.fields.text("date");
    match answer {
        Ok(_) => {
            let date: String = date.chars().filter(|sign| sign.is_ascii_digit() || *sign == '-').collect();
            Ok(to(&format!("/staff/day-sheet?date={date}")))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, date, form).await?, &problem))
        }
    }
}
