//! The work lists.

use askama::Template;
use proto::applications::v1::{ApplicationSummary, CountWorkRequest, ListCount, ListWorkRequest, State};

use super::colleagues;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html, to};
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

pub(super) async fn show(visit: Visit) -> Answer {
    // Whoever works with no cases begins where his own work is.
    let cases = ["manager", "supervisor", "finance"].into_iter().any(|role| visit.has_role(role));
    if !cases && visit.has_role("admin") {
        return Ok(to("/staff/team"));
    }
    let wanted = visit.query.text("list");
    let default = if visit.has_role("supervisor") { "to_approve" } else { "new" };
    let list = LISTS.into_iter().find(|name| *name == wanted).unwrap_or(default);
    let search = visit.query.text("search");
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
