//! The registry of participants: search, and the imports so far.

pub(super) mod import;
pub(super) mod record;

use askama::Template;
use proto::common::v1::PageRequest;
use proto::participants::v1::{Import, ListImportsRequest, ListParticipantsRequest, Participant};

use super::colleagues;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html};
use crate::problem::Problem;
use crate::visit::Visit;

/// Imports that the page shows.
const IMPORTS: u32 = 5;

#[derive(Template)]
#[template(path = "staff/participants.html")]
struct ParticipantsPage {
    frame: Frame,
    form: Form,
    search: String,
    rows: Vec<Participant>,
    pager: Pager,
    imported: Option<String>,
    can_import: bool,
    imports: Vec<Import>,
}

async fn page(visit: &Visit, form: Form) -> Result<ParticipantsPage, Problem> {
    let search = visit.query.text("search");
    let request = visit.ask(ListParticipantsRequest { search: search.clone(), page: Some(pager::wanted(visit)) });
    let newest = visit.ask(ListImportsRequest { page: Some(PageRequest { page: 1, size: IMPORTS }) });
    let (mut registry, mut imports) = (visit.app.services.participants(), visit.app.services.participants());
    let (list, imports, colleagues) =
        tokio::join!(registry.list_participants(request), imports.list_imports(newest), colleagues(visit));
    let list = list?.into_inner();
    let count = |name: &str| visit.query.number::<u32>(name).to_string();
    let imported = visit.query.has("added").then(|| {
        let counts = [("added", count("added")), ("changed", count("changed")), ("unchanged", count("unchanged"))];
        let counts: Vec<_> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visit.texts.with("imported", &counts)
    });
    Ok(ParticipantsPage {
        frame: Frame::new(visit, "staff-participants").with_colleagues(colleagues),
        form,
        search,
        rows: list.participants,
        pager: Pager::new(visit, list.page, &["search"]),
        imported,
        can_import: visit.has_role("admin"),
        imports: imports?.into_inner().imports,
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let page = page(&visit, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}
