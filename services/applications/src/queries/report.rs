//! Where open cases stand and since when, and how long completed ones took.

use std::collections::BTreeMap;

use chassis::{Error, auth::permit, db::Source, wire};
use kernel::{Actor, Period, Role, Time};
use proto::applications::v1 as pb;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    RelationDef, Select,
    sea_query::{Expr, ExprTrait as _, Func},
};

use crate::{
    app::Ports,
    catalogue::short_name,
    domain::state::{OPEN, State},
    store::{application, line},
};

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// Supervisors see all cases, managers their own.
pub(crate) async fn run(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::GetWorkReportRequest,
) -> Result<pb::WorkReport, Error> {
    let me = permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
    let period = Period::parse(&request.since, &request.until)?;
    let only = if actor.has_role(Role::Supervisor) { None } else { Some(me.to_string()) };
    let scope = |query: Select<application::Entity>| match &only {
        Some(me) => query.filter(application::Column::AssignedTo.eq(me.clone())),
        None => query,
    };
    let now = ports.context.sources.now();
    let by_state = open_cases(db, scope(application::Entity::find()), application::Column::State, now).await?;
    let states = OPEN.iter().filter_map(|state| by_state.iter().find(|found| found.name == state.code()).cloned());
    Ok(pb::WorkReport {
        states: states.collect(),
        managers: open_cases(db, scope(application::Entity::find()), application::Column::AssignedTo, now).await?,
        services: services(db, ports, scope, period).await?,
    })
}

/// Open cases by one column, with their age since submission.
async fn open_cases(
    db: &impl ConnectionTrait,
    query: Select<application::Entity>,
    by: application::Column,
    now: Time,
) -> Result<Vec<pb::OpenCases>, Error> {
    let age = Expr::val(now.micros()).sub(Expr::col(application::Column::SubmittedAt));
    let found: Vec<(String, i64, i64, i64)> = query
        .filter(application::Column::State.is_in(OPEN.map(State::code)))
        .select_only()
        .column(by)
        .column_as(application::Column::Number.count(), "found")
        .column_as(Expr::expr(Func::max(age.clone())).cast_as("bigint"), "oldest")
        .column_as(Expr::expr(Func::avg(age)).cast_as("bigint"), "average")
        .group_by(by)
        .order_by_asc(by)
        .into_tuple()
        .all(db)
        .await?;
    let days = |micros: i64| u32::try_from(micros / DAY_MICROS).unwrap_or(0);
    let told = found.into_iter().map(|(name, count, oldest, average)| pb::OpenCases {
        name,
        count: count.unsigned_abs(),
        oldest_days: days(oldest),
        average_days: days(average),
    });
    Ok(told.collect())
}

/// What became of a service.
#[derive(Default)]
struct Figures {
    filed: u64,
    /// Working days that each completed case took.
    took: Vec<u32>,
}

async fn services(
    db: &impl ConnectionTrait,
    ports: &Ports,
    scope: impl Fn(Select<application::Entity>) -> Select<application::Entity>,
    period: Period,
) -> Result<Vec<pb::ServiceFigures>, Error> {
    let zone = &ports.context.zone;
    let end = period.last().tomorrow().map_err(|error| Error::Internal(error.into()))?;
    let (from, to) = (zone.start_of(period.first()).micros(), zone.start_of(end).micros());
    let within = |column: application::Column| column.gte(from).and(column.lt(to));
    let mut figures = BTreeMap::<String, Figures>::new();
    let lines = || -> RelationDef {
        application::Entity::belongs_to(line::Entity).from(application::Column::Number).to(line::Column::Number).into()
    };
    let filed: Vec<(String, i64)> = scope(application::Entity::find())
        .filter(within(application::Column::SubmittedAt))
        .join(JoinType::InnerJoin, lines())
        .select_only()
        .column(line::Column::ServiceCode)
        .column_as(Expr::expr(Func::count_distinct(Expr::col((line::Entity, line::Column::Number)))), "found")
        .group_by(line::Column::ServiceCode)
        .into_tuple()
        .all(db)
        .await?;
    for (code, count) in filed {
        figures.entry(code).or_default().filed = count.unsigned_abs();
    }
    let completed: Vec<(String, Option<i64>, Option<i64>)> = scope(application::Entity::find())
        .filter(application::Column::State.eq(State::Completed.code()))
        .filter(within(application::Column::EndedAt))
        .join(JoinType::InnerJoin, lines())
        .select_only()
        .column(line::Column::ServiceCode)
        .column(application::Column::SubmittedAt)
        .column(application::Column::EndedAt)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let calendar = ports.calendar.now();
    for (code, submitted, ended) in completed {
        let day = |micros: Option<i64>| micros.map(|micros| zone.date(Time::from_micros(micros)));
        if let (Some(submitted), Some(ended)) = (day(submitted), day(ended)) {
            figures.entry(code).or_default().took.push(calendar.working_days_between(submitted, ended));
        }
    }
    let catalogue = ports.catalogue();
    let mut told: Vec<_> = figures
        .into_iter()
        .map(|(code, mut figures)| {
            figures.took.sort_unstable();
            let share = |tenths: usize| {
                let place = (figures.took.len() * tenths).div_ceil(10).saturating_sub(1);
                figures.took.get(place).copied().unwrap_or(0)
            };
            pb::ServiceFigures {
                name: catalogue.service(&code).map(|(_, service)| wire::localized(&short_name(service))),
                filed: figures.filed,
                completed: figures.took.len() as u64,
                median_working_days: share(5),
                ninth_decile_working_days: share(9),
                code,
            }
        })
        .collect();
    told.sort_by_key(|figures| std::cmp::Reverse(figures.filed));
    Ok(told)
}
