//! The offices' hours as data: what counts, as last read, and each change as a version of its own.

use std::sync::{Arc, Mutex, PoisonError};

use chassis::{Error, Tx, auth::permit};
use jiff::civil::Date;
use kernel::{Actor, Code, Refusal, Role, Violation, WorkingCalendar, parse_date};
use proto::booking::v1 as pb;
use sea_orm::ConnectionTrait;

use super::{Ports, day_table, displace};
use crate::{
    config::{Config, Office},
    domain::{
        appointment::Appointment,
        codes,
        plan::{Opening, Plan, Plans, Week},
    },
    events, queries,
    store::{self, office_edition::Model},
};

/// Who changes hours; holidays are the administrator's.
pub(crate) const HOURS: &[Role] = &[Role::Manager, Role::Supervisor, Role::Admin];

const DESKS_MAX: u32 = 100;
/// The part of an edition that holds for all offices.
pub(crate) const HOLIDAYS: &str = "holidays";
/// Bytes of the file of holidays: decades of them, and a fact that the bus carries (NATS refuses more than a megabyte, and
/// would hold up every later fact).
const HOLIDAYS_MAX: usize = 100_000;

/// The plans as the process last read them.
pub(crate) struct Shelf(Mutex<Arc<Plans>>);

impl Shelf {
    pub(crate) fn new(config: &Config, calendar: &WorkingCalendar) -> Self {
        Self(Mutex::new(Arc::new(Plans::seed(config, calendar))))
    }
}

/// The office that a request names; without a name, the first.
pub(crate) fn named<'a>(ports: &'a Ports, id: &str) -> Result<&'a Office, Error> {
    ports.config.offices.named(id).ok_or_else(|| Error::at("office_id", codes::OFFICE_UNKNOWN))
}

/// Its plan.
pub(crate) fn chosen<'a>(plans: &'a Plans, id: &str) -> Result<&'a Plan, Error> {
    plans.of(id).ok_or_else(|| Error::at("office_id", codes::OFFICE_UNKNOWN))
}

/// The plans that count now; read again when another version has been written.
pub(crate) async fn plans(db: &impl ConnectionTrait, ports: &Ports) -> Result<Arc<Plans>, Error> {
    let known = Arc::clone(&ports.shelf.0.lock().unwrap_or_else(PoisonError::into_inner));
    let newest = store::editions::newest(db).await?;
    if known.newest == newest {
        return Ok(known);
    }
    let fresh = Arc::new(read(db, ports).await?);
    *ports.shelf.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
    Ok(fresh)
}

/// The plans as they stand in the database, not kept: a transaction that reads its own change may yet fail.
async fn read(db: &impl ConnectionTrait, ports: &Ports) -> Result<Plans, Error> {
    let mut plans = Plans::seed(&ports.config, &ports.calendar);
    for row in store::editions::all(db).await? {
        plans.newest = row.version;
        let corrupt = |column| Error::corrupt("office_edition", column, row.version);
        let date = || parse_date(&row.from_date).map_err(|_| corrupt("from_date"));
        if row.part == HOLIDAYS {
            let calendar = WorkingCalendar::parse(&row.body).map_err(|_| corrupt("body"))?;
            for plan in plans.all_mut() {
                (plan.version, plan.calendar) = (row.version, calendar.clone());
            }
            continue;
        }
        // The hours of an office that is no more count for nobody.
        let Some(plan) = plans.of_mut(&row.office_id) else { continue };
        plan.version = row.version;
        match row.part.as_str() {
            "week" => {
                let week = serde_json::from_str(&row.body).map_err(|_| corrupt("body"))?;
                plan.weeks.insert(date()?, week);
            }
            "day" => {
                serde_json::from_str::<Own>(&row.body).map_err(|_| corrupt("body"))?.apply(plan, date()?);
            }
            "days" => {
                let lines: Vec<day_table::Line> = serde_json::from_str(&row.body).map_err(|_| corrupt("body"))?;
                for line in lines {
                    line.own.apply(plan, line.date);
                }
            }
            _ => return Err(corrupt("part")),
        }
    }
    Ok(plans)
}

/// What a day has of its own.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Own {
    Usual,
    Closed,
    Open(Opening),
}

impl Own {
    fn apply(self, plan: &mut Plan, date: Date) {
        match self {
            Self::Usual => plan.days.remove(&date),
            Self::Closed => plan.days.insert(date, None),
            Self::Open(hours) => plan.days.insert(date, Some(hours)),
        };
    }
}

/// An office's hours of the week from a date on.
pub(crate) async fn save_week(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::SaveWeekRequest,
) -> Result<pb::Hours, Error> {
    permit::staff(actor, HOURS)?;
    let office = named(ports, &command.office_id)?;
    let from = upcoming(ports, "valid_from", &command.valid_from)?;
    let mut faults = Vec::new();
    let desks = i32::try_from(command.desks).unwrap_or_default();
    if !(1..=DESKS_MAX).contains(&command.desks) {
        faults.push(Violation::new("desks", codes::DESKS_RANGE));
    }
    if command.pick_up_desks > DESKS_MAX {
        faults.push(Violation::new("pick_up_desks", codes::DESKS_RANGE));
    }
    let pick_up_desks = i32::try_from(command.pick_up_desks).ok().filter(|desks| *desks > 0);
    let slot_minutes = i64::from(command.slot_minutes);
    if !(5..=480).contains(&slot_minutes) {
        faults.push(Violation::new("slot_minutes", codes::SLOT_LENGTH_RANGE));
    }
    let mut days = [None; 7];
    for (index, day) in days.iter_mut().enumerate() {
        let asked = command.days.get(index).cloned().unwrap_or_default();
        match opening(&asked) {
            Ok(read) => *day = read,
            Err(code) => faults.push(Violation::new(format!("days[{index}].opens"), code)),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults).into());
    }
    let body = json(&Week { desks, pick_up_desks, slot_minutes, days })?;
    let change = Change { part: "week", office: Some(office), from: from.to_string(), body, note: &command.note };
    write(tx, ports, actor, office, command.version, change, command.displace).await
}

/// A day with hours of its own, closed, or as usual again.
pub(crate) async fn save_day(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::SaveDayRequest,
) -> Result<pb::Hours, Error> {
    permit::staff(actor, HOURS)?;
    let office = named(ports, &command.office_id)?;
    let date = upcoming(ports, "date", &command.date)?;
    let own = match &command.opening {
        None => Own::Usual,
        Some(asked) => match opening(asked).map_err(|code| Error::at("opening.opens", code))? {
            None => Own::Closed,
            Some(hours) => Own::Open(hours),
        },
    };
    let (from, body) = (date.to_string(), json(&own)?);
    let change = Change { part: "day", office: Some(office), from, body, note: &command.note };
    write(tx, ports, actor, office, command.version, change, command.displace).await
}

/// Another file of holidays and days worked in exchange, for all offices.
pub(crate) async fn save_holidays(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::SaveHolidaysRequest,
) -> Result<pb::Hours, Error> {
    permit::staff(actor, &[Role::Admin])?;
    let seen_of = named(ports, &command.office_id)?;
    if command.holidays.len() > HOLIDAYS_MAX {
        return Err(Error::at("holidays", kernel::codes::TEXT_TOO_LONG));
    }
    if let Err(error) = WorkingCalendar::parse(&command.holidays) {
        let line = error.line().to_string();
        let fault = Violation::new("holidays", codes::HOLIDAYS_MALFORMED).with("line", line);
        return Err(Refusal::invalid(vec![fault]).into());
    }
    let body = command.holidays.replace("\r\n", "\n");
    let change = Change { part: HOLIDAYS, office: None, from: String::new(), body, note: &command.note };
    write(tx, ports, actor, seen_of, command.version, change, command.displace).await
}

pub(super) struct Change<'a> {
    pub part: &'a str,
    /// Whose hours; none: it holds for all.
    pub office: Option<&'a Office>,
    pub from: String,
    pub body: String,
    pub note: &'a str,
}

/// Writes a version over the one that its author has seen of an office. Visits that fall out of the hours must be known
/// to him.
///
/// Versions are one row of numbers for all offices, but what an author has seen is compared with the newest of his office
/// and the holidays alone, so that he is not held up by changes elsewhere. The newest of all is read first: whoever writes
/// between the two reads is seen by the second, and whoever writes after it takes the number that is inserted here, so one
/// of the two fails by the primary key. (Two who change different offices at that very moment meet there too, and the
/// second has to look again.)
pub(super) async fn write(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    of: &Office,
    seen: i64,
    change: Change<'_>,
    displace: bool,
) -> Result<pb::Hours, Error> {
    let newest = store::editions::newest(&**tx).await?;
    if store::editions::newest_of(&**tx, ports.config.offices.keys(&of.id)).await? != seen {
        return Err(Error::VersionConflict);
    }
    let edition = Model {
        version: newest + 1,
        office_id: change.office.map(|office| office.id.clone()).unwrap_or_default(),
        part: change.part.to_owned(),
        from_date: change.from,
        body: change.body,
        note: change.note.trim().chars().take(500).collect(),
        at: ports.context.sources.now().micros(),
        by: actor.principal(),
    };
    if change.part == HOLIDAYS {
        events::publish_holidays(tx, &ports.context, edition.body.clone(), edition.version).await?;
    }
    store::editions::insert(tx, edition).await?;
    let plans = read(&**tx, ports).await?;
    let outside = displace::outside(&**tx, ports, &plans).await?;
    // Holidays may strike visits everywhere, an office's hours its own alone.
    let touched = |visit: &&Appointment| {
        change.office.is_none_or(|office| ports.config.offices.keys(&office.id).contains(&visit.office))
    };
    let count = outside.iter().filter(touched).count();
    if !displace && count > 0 {
        let count = count.to_string();
        let fault = Violation::new("displace", codes::VISITS_BOOKED).with("count", count);
        return Err(Refusal::invalid(vec![fault]).into());
    }
    queries::hours(&**tx, ports, actor, &plans, of).await
}

/// A date from today on.
fn upcoming(ports: &Ports, field: &str, date: &str) -> Result<Date, Error> {
    let date = parse_date(date.trim()).map_err(|error| Error::at(field, kernel::ErrorCode::code(&error)))?;
    let context = &ports.context;
    if date < context.zone.date(context.sources.now()) { Err(Error::at(field, codes::DAY_PAST)) } else { Ok(date) }
}

/// Hours as they were typed; none for a closed day.
pub(super) fn opening(asked: &pb::Opening) -> Result<Option<Opening>, Code> {
    if !asked.open {
        return Ok(None);
    }
    let hour = |text: &str| text.trim().parse().map_err(|_| codes::HOURS_MALFORMED);
    let (opens, closes) = (hour(&asked.opens)?, hour(&asked.closes)?);
    let lunch = match (asked.lunch_from.trim(), asked.lunch_to.trim()) {
        ("", "") => (closes, closes),
        (from, to) => (hour(from)?, hour(to)?),
    };
    let read = Opening { opens, closes, lunch_from: lunch.0, lunch_to: lunch.1 };
    if read.is_sound() { Ok(Some(read)) } else { Err(codes::HOURS_MALFORMED) }
}

pub(super) fn json(body: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(body).map_err(|error| Error::Internal(error.into()))
}
