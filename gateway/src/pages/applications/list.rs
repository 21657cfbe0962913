//! "My Applications": search, table, paginator.

use askama::Template;
use proto::applications::v1::{ApplicationSummary, ListApplicationsRequest};

use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/list.html")]
struct ListPage {
    frame: Frame,
    search: String,
    rows: Vec<ApplicationSummary>,
    pager: Pager,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let search = visit.query.text("search");
    let request = visit.ask(ListApplicationsRequest { page: Some(pager::wanted(&visit)), search: search.clone() });
    let list = visit.app.services.applications().list_applications(request).await?.into_inner();
    Ok(html(&ListPage {
        frame: Frame::new(&visit, "my-applications-title"),
        search,
        rows: list.applications,
        pager: Pager::new(&visit, list.page, &["search"]),
    }))
}
