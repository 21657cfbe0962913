//! Lists of applications: one's own, and staff's work lists. One indexed query each, and its count.

use chassis::{Error, auth::permit, page::Page, seal::Sealer, wire};
use kernel::{Actor, Money, Role, Scope, Time, name_key};
use proto::applications::v1 as pb;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbBackend, EntityTrait as _, FromQueryResult, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, Statement,
    sea_query::{Expr, ExprTrait as _, Func, Query, SelectStatement},
};

use super::{search::Search, wire_payment, wire_state};
use crate::{
    domain::{
        case::PaymentStatus,
        state::{OPEN, State},
    },
    store::{application, term, thread},
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

/// The list of cases whose step has taken the centre longer than its term.
pub(super) const OVERDUE: &str = "overdue";

/// Numbers of those cases. What is with the applicant is not overdue.
pub(super) fn overdue(now: Time) -> SelectStatement {
    term::Entity::find()
        .filter(term::Column::DueAt.lte(now.micros()))
        .filter(term::Column::State.ne(State::Returned.code()))
        .select_only()
        .column(term::Column::Number)
        .into_query()
}

/// Whether he sees everybody's cases, and not only his own and the pool.
pub(super) fn sees_all(actor: &Actor) -> bool {
    actor.has_role(Role::Supervisor) || actor.has_role(Role::Finance) || actor.has_scope(Scope::ApplicationsRead)
}

/// A work list of staff, or everything a program with the scope may read.
pub(crate) async fn work(
    db: &impl ConnectionTrait,
    sealer: &Sealer,
    actor: &Actor,
    request: &pb::ListWorkRequest,
    now: Time,
) -> Result<pb::ListApplicationsResponse, Error> {
    permit::staff_or_scope(actor, &[Role::Manager, Role::Supervisor, Role::Finance], Scope::ApplicationsRead)?;
    if request.list == "desk" {
        return desk(db, actor, request).await;
    }
    let search = Search::parse(&request.search, sealer, actor);
    let query = asked(actor, &request.list, search.as_ref(), now)?;
    let mut list = answer(db, query, Page::new(request.page.as_ref()), true).await?;
    if let Some(search) = &search {
        let cases = list.applications.iter().map(|found| found.number).collect();
        let mut persons = search.persons(db, sealer, cases).await?;
        for found in &mut list.applications {
            found.found = persons.remove(&found.number).unwrap_or_default();
        }
    }
    Ok(list)
}

/// What was filed at the desk and waits to be submitted, or was returned: one's own, to a supervisor all.
async fn desk(
    db: &impl ConnectionTrait,
    actor: &Actor,
    request: &pb::ListWorkRequest,
) -> Result<pb::ListApplicationsResponse, Error> {
    let me = permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
    let filed_by = application::Column::FiledBy;
    let whose = if actor.has_role(Role::Supervisor) { filed_by.ne("") } else { filed_by.eq(me.to_string()) };
    let open = application::Column::State.is_in([State::Draft.code(), State::Returned.code()]);
    let query = application::Entity::find().filter(open).filter(whose);
    answer(db, query, Page::new(request.page.as_ref()), true).await
}

/// What of a work list somebody sees, and searches for.
fn asked(actor: &Actor, list: &str, search: Option<&Search>, now: Time) -> Result<Select<application::Entity>, Error> {
    let me = actor.account().map(|id| id.to_string()).unwrap_or_default();
    let mut query = listed(list, &me, search.is_some())?;
    if list == OVERDUE {
        query = query.filter(application::Column::Number.in_subquery(overdue(now)));
    }
    if !sees_all(actor) {
        query = query.filter(plain(application::Column::AssignedTo, search.is_some()).is_in([String::new(), me]));
    }
    if let Some(search) = search {
        query = query.filter(application::Column::Number.in_subquery(search.numbers()));
    }
    Ok(query)
}

/// The statement of a search among all cases, for looking at how a database means to answer it.
pub(crate) fn search_statement(backend: DbBackend, text: &str, sealer: &Sealer, actor: &Actor) -> Option<Statement> {
    let search = Search::parse(text, sealer, actor)?;
    let query = asked(actor, "all", Some(&search), Time::from_micros(0)).ok()?;
    Some(page_of(query, Page::new(None), true).build(backend))
}

/// The cases of a work list. In a search they are few, and looked up by their numbers: no index of the list's own may
/// lead through all that it holds.
fn listed(list: &str, me: &str, searching: bool) -> Result<Select<application::Entity>, Error> {
    let state = || plain(application::Column::State, searching);
    let in_states = |states: &[State]| state().is_in(states.iter().map(|state| state.code()));
    let held_by = |who: &str| plain(application::Column::AssignedTo, searching).eq(who).and(in_states(&OPEN));
    let list = match list {
        "pool" => held_by(""),
        "mine" => held_by(me),
        "" | "all" | OVERDUE => state().ne(State::Draft.code()),
        other => {
            let known = LISTS.iter().find(|(name, _)| *name == other);
            in_states(known.ok_or_else(|| Error::Malformed("unknown work list".to_owned()))?.1)
        }
    };
    Ok(application::Entity::find().filter(list).filter(application::Column::SubmittedAt.is_not_null()))
}

/// A column, or the same in a form that no index is made for.
fn plain(column: application::Column, hidden: bool) -> Expr {
    let column = Expr::col((application::Entity, column));
    if hidden { Func::coalesce([column, Expr::val("")]).into() } else { column }
}

async fn answer(
    db: &impl ConnectionTrait,
    query: Select<application::Entity>,
    page: Page,
    staff: bool,
) -> Result<pb::ListApplicationsResponse, Error> {
    let rows = page_of(query.clone(), page, staff).into_model::<Row>().all(db).await?;
    let total = match rows.first() {
        Some(row) => row.total_rows.unsigned_abs(),
        None => query.count(db).await?,
    };
    let applications = rows.into_iter().map(|row| summary(row, staff)).collect::<Result<_, _>>()?;
    Ok(pb::ListApplicationsResponse { applications, page: Some(page.info(total)) })
}

/// The count stands in every row, so that a page is one statement; only a page without rows asks for it alone.
fn page_of(query: Select<application::Entity>, page: Page, staff: bool) -> Select<application::Entity> {
    let count = query.clone().select_only().expr(Expr::cust("COUNT(*)")).into_query();
    let unread = if staff { thread::Column::UnreadByStaff } else { thread::Column::UnreadByApplicant };
    let unread = Query::select()
        .column((thread::Entity, unread))
        .from(thread::Entity)
        .and_where(
            Expr::col((thread::Entity, thread::Column::Number))
                .equals((application::Entity, application::Column::Number)),
        )
        .to_owned();
    let due = Query::select()
        .column((term::Entity, term::Column::DueAt))
        .from(term::Entity)
        .and_where(
            Expr::col((term::Entity, term::Column::Number)).equals((application::Entity, application::Column::Number)),
        )
        .to_owned();
    query
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
        .expr_as(unread, "unread")
        .expr_as(due, "due_at")
}

/// A case as a list shows it.
#[derive(FromQueryResult)]
struct Row {
    number: i64,
    version: i64,
    service_name: String,
    services_more: i32,
    created_at: i64,
    state: String,
    payment_status: String,
    assigned_to: String,
    contact_name: String,
    total: i64,
    visit_at: Option<i64>,
    total_rows: i64,
    unread: Option<i32>,
    due_at: Option<i64>,
}

fn summary(row: Row, staff: bool) -> Result<pb::ApplicationSummary, Error> {
    let number = row.number;
    let corrupt = |column| Error::corrupt("application", column, number);
    let service: kernel::Localized = serde_json::from_str(&row.service_name).map_err(|_| corrupt("service_name"))?;
    let payment = PaymentStatus::parse(&row.payment_status).ok_or_else(|| corrupt("payment_status"))?;
    Ok(pb::ApplicationSummary {
        number,
        service: Some(wire::localized(&service)),
        services_more: row.services_more.unsigned_abs(),
        created_at_micros: row.created_at,
        state: wire_state(State::parse(&row.state).ok_or_else(|| corrupt("state"))?).into(),
        payment_status: wire_payment(payment).into(),
        assigned_to: if staff { row.assigned_to } else { String::new() },
        applicant_name: if staff { row.contact_name } else { String::new() },
        total: Some(wire::money(Money::home(row.total))),
        visit_at_micros: row.visit_at.unwrap_or(0),
        version: row.version,
        due_at_micros: if staff { row.due_at.unwrap_or(0) } else { 0 },
        found: Vec::new(),
        unread_messages: row.unread.unwrap_or(0).unsigned_abs(),
    })
}

#[cfg(test)]
mod tests {
    use kernel::Role;
    use sea_orm::QueryTrait as _;

    use super::*;

    /// With a million cases a search must lead through an index, whatever list it is made on.
    #[tokio::test]
    async fn a_search_reads_no_table_from_end_to_end() {
        let folder = tempfile::tempdir().unwrap();
        let db = chassis::testing::sqlite(folder.path(), "applications", crate::migrations::all).await;
        let sources = chassis::clock::Sources::system();
        let ring = chassis::seal::KeyRing::open(&folder.path().join("keys"), false, &sources).unwrap();
        let sealer = ring.sealer("applications", &sources).unwrap();
        let actor = chassis::testing::people::person(chassis::demo::MANAGERS[0], &[Role::Manager]);
        for text in ["103", "180340990008", "anna schm", "C01X00T47"] {
            let search = Search::parse(text, &sealer, &actor).unwrap();
            for list in ["all", "new", "mine", "pool"] {
                let query = listed(list, "acc_1", true).unwrap();
                let query = query.filter(application::Column::Number.in_subquery(search.numbers()));
                let mut plan = page_of(query, Page::new(None), true).build(sea_orm::DbBackend::Sqlite);
                plan.sql = format!("EXPLAIN QUERY PLAN {}", plan.sql);
                let steps = db.read().query_all_raw(plan).await.unwrap();
                for step in steps {
                    let step: String = step.try_get("", "detail").unwrap();
                    assert!(!step.starts_with("SCAN") || step.contains("SCAN CONSTANT"), "{text} on {list}: {step}");
                }
            }
        }
    }
}
