//! The work lists.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{ApplicationSummary, CountWorkRequest, ListCount, ListWorkRequest, State};
use proto::common::v1::PageRequest;

use super::colleagues;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html, to};
use crate::problem::Problem;
use crate::sheet::{Cell, Sheet};
use crate::visit::Visit;

const LISTS: [&str; 11] = [
    "pool",
    "new",
    "mine",
    "returned",
    "to_approve",
    "awaiting_payment",
    "documents_due",
    "in_progress",
    "ready",
    "overdue",
    "all",
];

/// Cases of one answer of the service, and of one file.
const AT_ONCE: u32 = 100;
const CASES_MAX: u64 = 10_000;

#[derive(Template)]
#[template(path = "staff/work.html")]
struct WorkPage {
    frame: Frame,
    tabs: [&'static str; 11],
    counts: Vec<ListCount>,
    list: &'static str,
    search: String,
    rows: Vec<ApplicationSummary>,
    pager: Pager,
    /// UTC microseconds.
    now: i64,
}

impl WorkPage {
    fn is_shown(&self, tab: &str) -> bool {
        self.list == tab
    }

    /// Whether its step has taken longer than it should; what is with the applicant is not late.
    fn is_late(&self, row: &ApplicationSummary) -> bool {
        self.list == "overdue" || (row.state() != State::Returned && row.due_at_micros <= self.now)
    }

    /// How much waits there, as far as it is known.
    fn count(&self, tab: &str) -> Option<u64> {
        self.counts.iter().find(|known| known.list == tab).map(|known| known.count)
    }
}

/// The list that the address names, or where his role begins.
fn chosen(visit: &Visit) -> &'static str {
    let wanted = visit.query.text("list");
    let default = if visit.has_role("supervisor") { "to_approve" } else { "new" };
    LISTS.into_iter().find(|name| *name == wanted).unwrap_or(default)
}

pub(super) async fn show(visit: Visit) -> Answer {
    // Whoever works with no cases begins where his own work is.
    let cases = ["manager", "supervisor", "finance"].into_iter().any(|role| visit.has_role(role));
    if !cases && visit.has_role("admin") {
        return Ok(to("/staff/team"));
    }
    let (list, search) = (chosen(&visit), visit.query.text("search"));
    let request =
        visit.ask(ListWorkRequest { page: Some(pager::wanted(&visit)), search: search.clone(), list: list.to_owned() });
    let (mut applications, mut counting) = (visit.app.services.applications(), visit.app.services.applications());
    let (work, counts, colleagues) = tokio::join!(
        applications.list_work(request),
        counting.count_work(visit.ask(CountWorkRequest {})),
        colleagues(&visit)
    );
    let work = work?.into_inner();
    Ok(html(&WorkPage {
        frame: Frame::new(&visit, "staff-work").with_colleagues(colleagues),
        tabs: LISTS,
        counts: counts.map(|answer| answer.into_inner().lists).unwrap_or_default(),
        list,
        search,
        rows: work.applications,
        now: visit.app.sources.now().micros(),
        pager: Pager::new(&visit, work.page, &["list", "search"]),
    }))
}

/// `cases.csv`, `cases.xlsx`: the list as it is filtered.
pub(super) async fn file(visit: Visit, Path(file): Path<String>) -> Answer {
    let ending = file.strip_prefix("cases.").ok_or_else(Problem::not_found)?;
    let (list, search) = (chosen(&visit), visit.query.text("search"));
    let frame = Frame::new(&visit, "staff-work").with_colleagues(colleagues(&visit).await);
    let columns = [
        "column-id",
        "column-service",
        "applicant",
        "column-created",
        "column-status",
        "payment-status",
        "handled-by",
        "sum-due",
    ];
    let mut sheet = Sheet {
        file_name: format!("cases-{list}"),
        title: frame.label("list", list),
        columns: columns.iter().map(|column| frame.t.get(column)).collect(),
        rows: Vec::new(),
    };
    for number in 1.. {
        let page = Some(PageRequest { page: number, size: AT_ONCE });
        let request = ListWorkRequest { page, search: search.clone(), list: list.to_owned() };
        let found = visit.app.services.applications().list_work(visit.ask(request)).await?.into_inner();
        if found.page.as_ref().is_some_and(|page| page.total > CASES_MAX) {
            return Err(Problem::at("search", "FILE_TOO_LONG"));
        }
        sheet.rows.extend(found.applications.iter().map(|found| row(&frame, found)));
        if found.applications.len() < AT_ONCE as usize {
            break;
        }
    }
    sheet.response(ending)
}

fn row(frame: &Frame, found: &ApplicationSummary) -> Vec<Cell> {
    vec![
        Cell::Text(found.number.to_string()),
        frame.local(&found.service).into(),
        found.applicant_name.as_str().into(),
        frame.time(&found.created_at_micros).into(),
        frame.state(&found.state).into(),
        if found.payment_status == 0 { "".into() } else { frame.payment(&found.payment_status).into() },
        frame.colleague(&found.assigned_to).into(),
        Cell::sum(found.total.as_ref()),
    ]
}
