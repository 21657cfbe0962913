//! What became of the visits of a span of days, in all offices or in one.

use chassis::{Error, auth::permit, db::Source};
use kernel::{Actor, Period, Role};
use proto::booking::v1 as pb;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};

use super::offices_to_wire;
use crate::{
    app::{Ports, office},
    domain::appointment::State,
    store::{appointment, ticket},
};

pub(crate) async fn run(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::GetVisitReportRequest,
) -> Result<pb::VisitReport, Error> {
    permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
    let period = Period::parse(&request.since, &request.until)?;
    let keys = match request.office_id.as_str() {
        "" => None,
        id => Some(ports.config.offices.keys(&office::named(ports, id)?.id)),
    };
    let mut months = Vec::new();
    for part in period.months() {
        months.push(month(db, ports, part, keys.as_deref()).await?);
    }
    Ok(pb::VisitReport { months, offices: offices_to_wire(ports) })
}

/// Of the offices that are called so in rows; none: of all.
async fn month(
    db: &impl ConnectionTrait,
    ports: &Ports,
    part: Period,
    offices: Option<&[String]>,
) -> Result<pb::VisitMonth, Error> {
    let zone = &ports.context.zone;
    let end = part.last().tomorrow().map_err(|error| Error::Internal(error.into()))?;
    let mut visits = appointment::Entity::find();
    if let Some(keys) = offices {
        visits = visits.filter(appointment::Column::OfficeId.is_in(keys));
    }
    let found: Vec<(String, i64)> = visits
        .filter(appointment::Column::StartAt.gte(zone.start_of(part.first()).micros()))
        .filter(appointment::Column::StartAt.lt(zone.start_of(end).micros()))
        .select_only()
        .column(appointment::Column::State)
        .column_as(appointment::Column::Id.count(), "found")
        .group_by(appointment::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    let of = |states: &[State]| -> u64 {
        let counted = found.iter().filter(|(state, _)| states.iter().any(|wanted| wanted.code() == state));
        counted.map(|(_, count)| count.unsigned_abs()).sum()
    };
    let mut walk_ins = ticket::Entity::find()
        .filter(ticket::Column::Day.gte(part.first().to_string()))
        .filter(ticket::Column::Day.lte(part.last().to_string()))
        .filter(ticket::Column::AppointmentId.is_null());
    if let Some(keys) = offices {
        walk_ins = walk_ins.filter(ticket::Column::OfficeId.is_in(keys));
    }
    Ok(pb::VisitMonth {
        month: part.month(),
        planned: of(&[State::Booked, State::CheckedIn, State::Served, State::Missed]),
        served: of(&[State::Served]),
        missed: of(&[State::Missed]),
        cancelled: of(&[State::Cancelled]),
        walk_ins: walk_ins.count(db).await?,
    })
}
