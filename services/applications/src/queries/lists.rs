//! Lists of applications: one's own, and staff's work lists. One indexed query each, and its count.

use chassis::{Error, auth::permit, page::Page, wire};
use kernel::{Actor, Money, Role, Scope, name_key};
use proto::applications::v1 as pb;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{wire_payment, wire_state};
use crate::{
    domain::{
        case::PaymentStatus,
        state::{OPEN, State},
    },
    store::{application, person},
};

/// The caller's own applications, newest first.
pub(crate) async fn own(
    db: &impl ConnectionTrait,
    actor: &Actor,
    request: &pb::ListApplicationsRequest,
) -> Result<pb::ListApplicationsResponse, Error> {
    let owner = permit::user(actor)?;
    let mut query = application::Entity::find().filter(application::Column::Owner.eq(owner.to_string()));
    let search = request.search.trim();
    if !search.is_empty() {
        let mut any = Condition::any().add(application::Column::ServiceKey.contains(name_key(search)));
        if let Ok(number) = search.trim_start_matches('#').parse::<i64>() {
            any = any.add(application::Column::Number.eq(number));
        }
        query = query.filter(any);
    }
    answer(db, query, Page::new(request.page.as_ref()), false).await
}

/// Work lists by the states they hold.
pub(super) const LISTS: &[(&str, &[State])] = &[
    ("new", &[State::New]),
    ("returned", &[State::Returned]),
    ("to_approve", &[State::PendingApproval]),
    ("awaiting_payment", &[State::AwaitingPayment]),
    ("documents_due", &[State::AwaitingDocuments, State::DocsPartial]),
    ("in_progress", &[State::InProgress]),
    ("ready", &[State::ReadyForPickup]),
];

/// Whether he sees everybody's cases, and not only his own and the pool.
pub(super) fn sees_all(actor: &Actor) -> bool {
    actor.has_role(Role::Supervisor) || actor.has_role(Role::Finance) || actor.has_scope(Scope::ApplicationsRead)
}

/// A work list of staff, or everything a program with the scope may read.
pub(crate) async fn work(
    db: &impl ConnectionTrait,
    actor: &Actor,
    request: &pb::ListWorkRequest,
) -> Result<pb::ListApplicationsResponse, Error> {
    permit::staff_or_scope(actor, &[Role::Manager, Role::Supervisor, Role::Finance], Scope::ApplicationsRead)?;
    let me = actor.account().map(|id| id.to_string()).unwrap_or_default();
    let in_states = |states: &[State]| application::Column::State.is_in(states.iter().map(|state| state.code()));
    let held_by = |who: String| {
        application::Column::AssignedTo.eq(who).and(application::Column::State.is_in(OPEN.map(State::code)))
    };
    let list = match request.list.as_str() {
        "pool" => held_by(String::new()),
        "mine" => held_by(me.clone()),
        "" | "all" => application::Column::State.ne(State::Draft.code()),
        other => {
            let (_, states) = LISTS
                .iter()
                .find(|(name, _)| *name == other)
                .ok_or_else(|| Error::Malformed("unknown work list".to_owned()))?;
            in_states(states)
        }
    };
    let mut query = application::Entity::find().filter(list).filter(application::Column::SubmittedAt.is_not_null());
    if !sees_all(actor) {
        query = query.filter(application::Column::AssignedTo.is_in([String::new(), me]));
    }
    let search = request.search.trim();
    if !search.is_empty() {
        query = query.filter(found(search));
    }
    answer(db, query, Page::new(request.page.as_ref()), true).await
}

/// Number, BIN, or the beginning of a contact's or person's name.
fn found(search: &str) -> Condition {
    let key = name_key(search);
    let persons = Query::select()
        .column(person::Column::Number)
        .from(person::Entity)
        .and_where(person::Column::NameKey.starts_with(key.clone()))
        .to_owned();
    let mut any = Condition::any()
        .add(application::Column::NameKey.starts_with(key))
        .add(application::Column::Bin.eq(search))
        .add(application::Column::Number.in_subquery(persons));
    if let Ok(number) = search.trim_start_matches('#').parse::<i64>() {
        any = any.add(application::Column::Number.eq(number));
    }
    any
}

async fn answer(
    db: &impl ConnectionTrait,
    query: Select<application::Entity>,
    page: Page,
    staff: bool,
) -> Result<pb::ListApplicationsResponse, Error> {
    // The count stands in every row, so that a page is one statement; only a page without rows asks for it alone.
    let count = query.clone().select_only().expr(Expr::cust("COUNT(*)")).into_query();
    let rows = query
        .clone()
        .order_by_desc(application::Column::Number)
        .offset(page.offset())
        .limit(page.limit())
        .select_only()
        .columns([
            application::Column::Number,
            application::Column::Version,
            application::Column::ServiceName,
            application::Column::ServicesMore,
            application::Column::CreatedAt,
            application::Column::State,
            application::Column::PaymentStatus,
            application::Column::AssignedTo,
            application::Column::ContactName,
            application::Column::Total,
            application::Column::VisitAt,
        ])
        .expr_as(count, "total_rows")
        .into_tuple::<Row>()
        .all(db)
        .await?;
    let total = match rows.first() {
        Some(row) => row.11.unsigned_abs(),
        None => query.count(db).await?,
    };
    let applications = rows.into_iter().map(|row| summary(row, staff)).collect::<Result<_, _>>()?;
    Ok(pb::ListApplicationsResponse { applications, page: Some(page.info(total)) })
}

type Row = (i64, i64, String, i32, i64, String, String, String, String, i64, Option<i64>, i64);

fn summary(row: Row, staff: bool) -> Result<pb::ApplicationSummary, Error> {
    let (
        number,
        version,
        service,
        services_more,
        created_at,
        state,
        payment,
        assigned_to,
        contact_name,
        total,
        visit_at,
        _,
    ) = row;
    let corrupt = |column| Error::corrupt("application", column, number);
    let service: kernel::Localized = serde_json::from_str(&service).map_err(|_| corrupt("service_name"))?;
    Ok(pb::ApplicationSummary {
        number,
        service: Some(wire::localized(&service)),
        services_more: services_more.unsigned_abs(),
        created_at_micros: created_at,
        state: wire_state(State::parse(&state).ok_or_else(|| corrupt("state"))?).into(),
        payment_status: wire_payment(PaymentStatus::parse(&payment).ok_or_else(|| corrupt("payment_status"))?).into(),
        assigned_to: if staff { assigned_to } else { String::new() },
        applicant_name: if staff { contact_name } else { String::new() },
        total: Some(wire::money(Money::kzt(total))),
        visit_at_micros: visit_at.unwrap_or(0),
        version,
    })
}
