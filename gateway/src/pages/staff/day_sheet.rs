//! The visits of a day and who is here: check-in, one queue, desks, served, missed.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use futures::future::join_all;
use proto::applications::v1::{Application, DocumentItem, Line, Person};
use proto::booking::v1::{
    AddWalkInRequest, Appointment, AppointmentCommand, CallNextRequest, CheckInByCodeRequest, EndTicketRequest,
    GetDaySheetRequest, Office, Ticket,
};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::load;
use crate::pages::booking::PICK_UP;
use crate::pages::offices::{self, OfficeLink};
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

/// A visit, and where it was asked for, who comes and with what.
struct Row {
    visit: Appointment,
    name: String,
    papers: Vec<String>,
}

#[derive(Template)]
#[template(path = "staff/day_sheet.html")]
struct DaySheetPage {
    frame: Frame,
    form: Form,
    date: String,
    /// To choose among; none where there is one office alone.
    offices: Vec<OfficeLink>,
    office: Office,
    visits: Vec<Row>,
    queue: Vec<Ticket>,
    is_today: bool,
    with_papers: bool,
}

async fn page(visit: &Visit, date: String, office: String, mut form: Form) -> Result<DaySheetPage, Problem> {
    let request = visit.ask(GetDaySheetRequest { date, office_id: office });
    let sheet = visit.app.services.booking().get_day_sheet(request).await?.into_inner();
    let frame = Frame::new(visit, "staff-day-sheet");
    // Whose papers are looked at is noted as read, so it is done when somebody asks for it.
    let with_papers = visit.query.has("papers");
    let cases = if with_papers { cases(visit, &sheet.appointments).await } else { HashMap::new() };
    let visits = sheet.appointments.into_iter().map(|booked| row(&frame, &cases, booked)).collect();
    let desk = visit.query.text("desk");
    form.preset("desk", if desk.is_empty() { "1" } else { &desk });
    let office = sheet.office.unwrap_or_default();
    let to_office = |id: &str| format!("/staff/day-sheet?date={}&office={id}", sheet.date);
    Ok(DaySheetPage {
        offices: offices::links(&sheet.offices, &office.id, visit.language(), to_office),
        office,
        visits,
        queue: sheet.queue,
        is_today: sheet.today,
        date: sheet.date,
        with_papers,
        form,
        frame,
    })
}

/// The cases of the visits, as far as the reader may see them.
async fn cases(visit: &Visit, booked: &[Appointment]) -> HashMap<i64, Application> {
    let mut numbers: Vec<i64> = booked.iter().map(|one| one.application_number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let found = join_all(numbers.into_iter().map(|number| async move { (number, load(visit, number).await) })).await;
    found.into_iter().filter_map(|(number, case)| Some((number, case.ok()?))).collect()
}

fn row(frame: &Frame, cases: &HashMap<i64, Application>, visit: Appointment) -> Row {
    let Some(case) = cases.get(&visit.application_number) else {
        return Row { visit, name: String::new(), papers: Vec::new() };
    };
    let persons = case.lines.iter().flat_map(|line: &Line| &line.persons);
    let person: Option<&Person> = persons.into_iter().find(|person| person.id == visit.person_item_id);
    let own = person.into_iter().flat_map(|person| &person.documents);
    // Who comes brings what has not come yet; who fetches something gets back what has.
    let wanted = |paper: &&DocumentItem| match paper.original_state.as_str() {
        "received" => visit.kind == PICK_UP,
        "awaited" => visit.kind != PICK_UP,
        _ => false,
    };
    let papers = case.documents.iter().chain(own).filter(wanted);
    let mut papers: Vec<String> = papers.map(|paper| frame.local(&paper.name)).collect();
    if visit.kind == PICK_UP {
        let given = person.into_iter().flat_map(|person| &person.results).map(|file| file.file_name.clone());
        papers.splice(0..0, given);
    }
    Row { papers, name: person.map(|person| person.name.clone()).unwrap_or_default(), visit }
}

pub(super) async fn show(visit: Visit) -> Answer {
    let (date, office) = (visit.query.text("date"), visit.query.text("office"));
    let page = page(&visit, date, office, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

/// What becomes of one visit.
pub(super) async fn give(Path(appointment_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(AppointmentCommand { appointment_id });
    let mut booking = posted.visit.app.services.booking();
    let answer = match posted.fields.get("action") {
        "check-in" => booking.check_in(request).await,
        "served" => booking.mark_served(request).await,
        "missed" => booking.mark_missed(request).await,
        _ => return Err(Problem::malformed()),
    };
    done(posted, answer.map(drop)).await
}

/// What happens in the queue.
pub(super) async fn queue(posted: Posted) -> Answer {
    let fields = &posted.fields;
    let mut booking = posted.visit.app.services.booking();
    let (ticket_id, office_id) = (fields.text("ticket"), fields.text("office"));
    let answer = match fields.get("action") {
        "code" => {
            let request = posted.command(CheckInByCodeRequest { code: fields.text("code"), office_id });
            booking.check_in_by_code(request).await.map(drop)
        }
        "walk-in" => {
            let application_number = fields.number("application_number");
            let request = posted.command(AddWalkInRequest { application_number, office_id });
            booking.add_walk_in(request).await.map(drop)
        }
        "call" => {
            let request = posted.command(CallNextRequest { desk: fields.number("desk"), office_id });
            booking.call_next(request).await.map(drop)
        }
        "served" => booking.end_ticket(posted.command(EndTicketRequest { ticket_id, left: false })).await.map(drop),
        "left" => booking.end_ticket(posted.command(EndTicketRequest { ticket_id, left: true })).await.map(drop),
        _ => return Err(Problem::malformed()),
    };
    done(posted, answer).await
}

async fn done(posted: Posted, answer: Result<(), tonic::Status>) -> Answer {
    let (date, office) = (posted.fields.text("date"), posted.fields.text("office"));
    match answer {
        Ok(()) => {
            let date: String = date.chars().filter(|sign| sign.is_ascii_digit() || *sign == '-').collect();
            let desk: u32 = posted.fields.number("desk");
            let desk = if desk == 0 { String::new() } else { format!("&desk={desk}") };
            Ok(to(&format!("/staff/day-sheet?date={date}{}{desk}", offices::kept(&office))))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, date, office, form).await?, &problem))
        }
    }
}
