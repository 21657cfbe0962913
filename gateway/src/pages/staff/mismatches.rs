//! Charges that do not fit what was asked for.

use askama::Template;
use proto::payments::v1::{ListMismatchesRequest, Mismatch};

use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "staff/mismatches.html")]
struct MismatchesPage {
    frame: Frame,
    rows: Vec<Mismatch>,
    pager: Pager,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let request = visit.ask(ListMismatchesRequest { page: Some(pager::wanted(&visit)), date: String::new() });
    let list = visit.app.services.payments().list_mismatches(request).await?.into_inner();
    Ok(html(&MismatchesPage {
        frame: Frame::new(&visit, "staff-mismatches"),
        rows: list.mismatches,
        pager: Pager::new(&visit, list.page, &[]),
    }))
}
