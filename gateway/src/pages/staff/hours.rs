//! An office's hours: weeks that count from a date on, days of their own, holidays, and who changed what.

mod table;

use askama::Template;
use proto::booking::v1::{
    GetHoursRequest, Hours, HoursEdition, Office, Opening, SaveDayRequest, SaveHolidaysRequest, SaveWeekRequest,
    SpecialDay, Week,
};
use tonic::{Response, Status};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::offices::{self, OfficeLink};
use crate::pages::{Answer, Choice, attachment, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::routes::{Audience, Body, Route, get, post};
use crate::visit::Visit;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Staff, "/staff/hours", show),
        get(Audience::Staff, "/staff/hours/holidays", export),
        post(Audience::Staff, "/staff/hours/week", save_week),
        post(Audience::Staff, "/staff/hours/day", save_day),
        post(Audience::Staff, "/staff/hours/holidays", save_holidays),
        get(Audience::Staff, "/staff/hours/days", table::export),
        post(Audience::Staff, "/staff/hours/days", table::import).body(Body::Upload),
        post(Audience::Staff, "/staff/hours/holidays/file", table::holidays).body(Body::Upload),
    ]
}

/// A day of the week in the form, or of a list.
struct Row {
    index: usize,
    name: String,
    hours: String,
}

struct Listed {
    title: String,
    note: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/hours.html")]
struct HoursPage {
    frame: Frame,
    form: Form,
    /// Which of the forms was refused; empty for none.
    refused: &'static str,
    version: i64,
    /// To choose among; none where there is one office alone.
    offices: Vec<OfficeLink>,
    office: Office,
    weekdays: Vec<Row>,
    weeks: Vec<Listed>,
    days: Vec<SpecialDay>,
    kinds: Vec<Choice>,
    displaced: Vec<proto::booking::v1::Appointment>,
    editions: Vec<HoursEdition>,
    may_save_holidays: bool,
    saved: bool,
}

impl HoursPage {
    fn hours(&self, opening: &Option<Opening>) -> String {
        spoken(&self.frame, opening.as_ref())
    }
}

fn spoken(frame: &Frame, opening: Option<&Opening>) -> String {
    let Some(day) = opening.filter(|day| day.open) else { return frame.t.get("office-closed") };
    let hours = format!("{} – {}", day.opens, day.closes);
    if day.lunch_from.is_empty() {
        return hours;
    }
    let lunch = frame.t.with("hours-lunch", &[("from", &day.lunch_from), ("to", &day.lunch_to)]);
    format!("{hours}, {lunch}")
}

fn slots_spoken(frame: &Frame, week: &Week) -> String {
    let values = [("minutes", &*week.slot_minutes.to_string()), ("desks", &*week.desks.to_string())];
    let slots = frame.t.with("hours-slots", &values);
    if week.pick_up_desks == 0 {
        return slots;
    }
    format!("{slots}; {}", frame.t.with("hours-pick-up", &[("desks", &week.pick_up_desks.to_string())]))
}

async fn hours_of(visit: &Visit, office: String) -> Result<Hours, Problem> {
    let request = visit.ask(GetHoursRequest { office_id: office });
    Ok(visit.app.services.booking().get_hours(request).await?.into_inner())
}

async fn page(visit: &Visit, office: String, mut form: Form, refused: &'static str) -> Result<HoursPage, Problem> {
    let hours = hours_of(visit, office).await?;
    let office = hours.office.clone().unwrap_or_default();
    let frame = Frame::new(visit, "staff-hours").with_colleagues(super::colleagues(visit).await);
    preset(&mut form, &hours);
    let weekday = |index: usize| frame.t.get(&format!("weekday-{}", index + 1));
    let listed = |week: &Week| Listed {
        title: if week.valid_from.is_empty() {
            frame.t.get("hours-now")
        } else {
            frame.t.with("hours-from", &[("date", &frame.date(&week.valid_from))])
        },
        note: slots_spoken(&frame, week),
        rows: week
            .days
            .iter()
            .enumerate()
            .map(|(index, day)| Row { index, name: weekday(index), hours: spoken(&frame, Some(day)) })
            .collect(),
    };
    let kinds = ["closed", "open", "usual"];
    Ok(HoursPage {
        version: hours.version,
        offices: offices::links(&hours.offices, &office.id, visit.language(), |id| format!("/staff/hours?office={id}")),
        office,
        weekdays: (0..7).map(|index| Row { index, name: weekday(index), hours: String::new() }).collect(),
        weeks: hours.weeks.iter().map(listed).collect(),
        kinds: kinds.iter().map(|kind| Choice::new(*kind, frame.t.get(&format!("day-{kind}")))).collect(),
        days: hours.days,
        displaced: hours.displaced,
        editions: hours.editions,
        may_save_holidays: visit.has_role("admin"),
        saved: visit.query.has("saved"),
        form,
        refused,
        frame,
    })
}

/// What counts last stands in the forms, to be changed.
fn preset(form: &mut Form, hours: &Hours) {
    if let Some(week) = hours.weeks.last() {
        form.preset("desks", &week.desks.to_string());
        if week.pick_up_desks > 0 {
            form.preset("pick_up_desks", &week.pick_up_desks.to_string());
        }
        form.preset("slot_minutes", &week.slot_minutes.to_string());
        for (index, day) in week.days.iter().enumerate() {
            for (name, value) in [
                ("opens", &day.opens),
                ("closes", &day.closes),
                ("lunch_from", &day.lunch_from),
                ("lunch_to", &day.lunch_to),
            ] {
                form.preset(&format!("{name}.{index}"), value);
            }
        }
    }
    form.preset("holidays", &hours.holidays);
    form.preset("day", "closed");
}

async fn show(visit: Visit) -> Answer {
    let office = visit.query.text("office");
    let page = page(&visit, office, Form::new(&visit, Fields::default()), "").await?;
    Ok(html(&page))
}

async fn export(visit: Visit) -> Answer {
    let hours = hours_of(&visit, String::new()).await?;
    Ok(attachment("holidays.txt", "text/plain", hours.holidays))
}

fn opening(fields: &Fields, suffix: &str) -> Opening {
    let text = |name: &str| fields.text(&format!("{name}{suffix}"));
    let (opens, closes) = (text("opens"), text("closes"));
    Opening {
        // A day without hours is closed.
        open: !opens.is_empty() || !closes.is_empty(),
        opens,
        closes,
        lunch_from: text("lunch_from"),
        lunch_to: text("lunch_to"),
    }
}

async fn save_week(posted: Posted) -> Answer {
    let fields = &posted.fields;
    let request = posted.command(SaveWeekRequest {
        version: posted.version(),
        valid_from: fields.text("valid_from"),
        desks: fields.number("desks"),
        pick_up_desks: fields.number("pick_up_desks"),
        slot_minutes: fields.number("slot_minutes"),
        days: (0..7).map(|index| opening(fields, &format!(".{index}"))).collect(),
        note: fields.text("note"),
        displace: fields.has("displace"),
        office_id: fields.text("office"),
    });
    let answer = posted.visit.app.services.booking().save_week(request).await;
    done(posted, answer, "week").await
}

async fn save_day(posted: Posted) -> Answer {
    let fields = &posted.fields;
    let own = match fields.get("day") {
        "usual" => None,
        "open" => Some(Opening { open: true, ..opening(fields, "") }),
        _ => Some(Opening::default()),
    };
    let request = posted.command(SaveDayRequest {
        version: posted.version(),
        date: fields.text("date"),
        opening: own,
        note: fields.text("note"),
        displace: fields.has("displace"),
        office_id: fields.text("office"),
    });
    let answer = posted.visit.app.services.booking().save_day(request).await;
    done(posted, answer, "day").await
}

async fn save_holidays(posted: Posted) -> Answer {
    let fields = &posted.fields;
    let request = posted.command(SaveHolidaysRequest {
        version: posted.version(),
        holidays: fields.get("holidays").to_owned(),
        note: fields.text("note"),
        displace: fields.has("displace"),
        office_id: fields.text("office"),
    });
    let answer = posted.visit.app.services.booking().save_holidays(request).await;
    done(posted, answer, "holidays").await
}

/// `days[1].opens` stands at the control of Tuesday, `opening.opens` at that of the day.
fn at_controls(mut problem: Problem) -> Problem {
    for violation in &mut problem.violations {
        if let Some((index, name)) = violation.field.strip_prefix("days[").and_then(|rest| rest.split_once("].")) {
            violation.field = format!("{name}.{index}");
        } else if violation.field.starts_with("lines[") {
            violation.field = "table".to_owned();
        } else if let Some(name) = violation.field.strip_prefix("opening.") {
            violation.field = name.to_owned();
        }
    }
    problem
}

async fn done(posted: Posted, answer: Result<Response<Hours>, Status>, which: &'static str) -> Answer {
    let office = posted.fields.text("office");
    match answer {
        Ok(_) => Ok(to(&format!("/staff/hours?saved{}", offices::kept(&office)))),
        Err(status) => {
            let problem = at_controls(Problem::from(status).refusal()?);
            let form = Form::refused(&posted.visit, posted.fields, problem.clone());
            Ok(html_refused(&page(&posted.visit, office, form, which).await?, &problem))
        }
    }
}
