//! An office's hours with their versions, and the visits that they have no place for.

use chassis::{Error, auth::permit};
use kernel::Actor;
use proto::booking::v1 as pb;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{office_to_wire, offices_to_wire, to_wire};
use crate::{
    app::{Ports, day_table, office},
    config::Office,
    domain::{
        appointment::State,
        plan::{Opening, Plans, Week},
    },
    store::{self, appointment, office_edition::Model},
};

/// An office's hours from today on, with who changed them.
pub(crate) async fn hours(
    db: &impl ConnectionTrait,
    ports: &Ports,
    actor: &Actor,
    plans: &Plans,
    of: &Office,
) -> Result<pb::Hours, Error> {
    permit::staff(actor, office::HOURS)?;
    let (plan, keys) = (office::chosen(plans, &of.id)?, ports.config.offices.keys(&of.id));
    let today = ports.context.zone.date(ports.context.sources.now());
    let current = plan.weeks.range(..=today).next_back().map(|(from, _)| *from);
    let mut weeks = vec![week_to_wire(current, plan.week(today))];
    weeks.extend(
        plan.weeks
            .range(today..)
            .filter(|(from, _)| **from > today)
            .map(|(from, week)| week_to_wire(Some(*from), week)),
    );
    let mut editions = store::editions::all(db).await?;
    editions.retain(|edition| edition.part == office::HOLIDAYS || keys.contains(&edition.office_id));
    let notes = day_table::notes(&editions);
    let note_of = |date: &str| notes.get(date).cloned().unwrap_or_default();
    let days = plan.days.range(today..).map(|(date, own)| pb::SpecialDay {
        date: date.to_string(),
        opening: Some(opening_to_wire(own.as_ref())),
        note: note_of(&date.to_string()),
    });
    let displaced = appointment::Entity::find()
        .filter(appointment::Column::State.eq(State::Booked.code()))
        .filter(appointment::Column::DisplacedAt.is_not_null())
        .filter(appointment::Column::OfficeId.is_in(keys))
        .order_by_asc(appointment::Column::StartAt)
        .all(db)
        .await?;
    Ok(pb::Hours {
        version: plan.version,
        office: Some(office_to_wire(ports, of)),
        offices: offices_to_wire(ports),
        weeks,
        days: days.collect(),
        holidays: holidays(ports, &editions),
        displaced: displaced
            .into_iter()
            .map(|row| Ok(to_wire(ports, plans, actor, &store::to_appointment(row)?)))
            .collect::<Result<_, Error>>()?,
        editions: editions
            .into_iter()
            .rev()
            .map(|edition| pb::HoursEdition {
                version: edition.version,
                office_id: if edition.part == office::HOLIDAYS { String::new() } else { of.id.clone() },
                part: edition.part,
                from_date: edition.from_date,
                note: edition.note,
                at_micros: edition.at,
                by: edition.by,
            })
            .collect(),
    })
}

/// The file of holidays that counts, as it was saved or configured.
fn holidays(ports: &Ports, editions: &[Model]) -> String {
    let saved = editions.iter().rev().find(|edition| edition.part == office::HOLIDAYS);
    saved.map_or_else(|| ports.holidays.clone(), |edition| edition.body.clone())
}

fn week_to_wire(from: Option<jiff::civil::Date>, week: &Week) -> pb::Week {
    pb::Week {
        valid_from: from.map(|date| date.to_string()).unwrap_or_default(),
        desks: week.desks.unsigned_abs(),
        slot_minutes: u32::try_from(week.slot_minutes).unwrap_or(0),
        days: week.days.iter().map(|day| opening_to_wire(day.as_ref())).collect(),
        pick_up_desks: week.pick_up_desks.map_or(0, i32::unsigned_abs),
    }
}

fn opening_to_wire(opening: Option<&Opening>) -> pb::Opening {
    let Some(hours) = opening else { return pb::Opening::default() };
    let clock = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
    let lunch = |time| if hours.lunch_from == hours.lunch_to { String::new() } else { clock(time) };
    pb::Opening {
        open: true,
        opens: clock(hours.opens),
        closes: clock(hours.closes),
        lunch_from: lunch(hours.lunch_from),
        lunch_to: lunch(hours.lunch_to),
    }
}
