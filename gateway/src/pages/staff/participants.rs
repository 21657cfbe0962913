//! The registry of participants: search, and an import of rows.

use askama::Template;
use proto::participants::v1::{ImportParticipantsRequest, ListParticipantsRequest, Participant};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::pager::{self, Pager};
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

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
}

async fn page(visit: &Visit, form: Form) -> Result<ParticipantsPage, Problem> {
    let search = visit.query.text("search");
    let request = visit.ask(ListParticipantsRequest { search: search.clone(), page: Some(pager::wanted(visit)) });
    let list = visit.app.services.participants().list_participants(request).await?.into_inner();
    let count = |name: &str| visit.query.number::<u32>(name).to_string();
    let imported = visit.query.has("added").then(|| {
        let counts = [("added", count("added")), ("changed", count("changed")), ("unchanged", count("unchanged"))];
        let counts: Vec<_> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visit.texts.with("imported", &counts)
    });
    Ok(ParticipantsPage {
        frame: Frame::new(visit, "staff-participants"),
        form,
        search,
        rows: list.participants,
        pager: Pager::new(visit, list.page, &["search"]),
        imported,
        can_import: visit.has_role("admin"),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let page = page(&visit, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

/// One row: `BIN;name;status;legal form;registration number;date`, the last three optional. Meaning is checked by the service.
fn row(line: &str) -> Participant {
    let mut cells = line.split(';').map(|cell| cell.trim().to_owned());
    let mut cell = || cells.next().unwrap_or_default();
    Participant {
        bin: cell(),
        name: cell(),
        status: cell(),
        legal_form: cell(),
        registration_number: cell(),
        registered_on: cell(),
        former_names: Vec::new(),
        version: 0,
    }
}

pub(super) async fn import(posted: Posted) -> Answer {
    let rows = posted.fields.get("rows").lines().filter(|line| !line.trim().is_empty()).map(row).collect();
    let request = posted.command(ImportParticipantsRequest { rows });
    match posted.visit.app.services.participants().import_participants(request).await {
        Ok(response) => {
            let done = response.into_inner();
            let address = format!(
                "/staff/participants?added={}&changed={}&unchanged={}",
                done.added, done.changed, done.unchanged
            );
            Ok(to(&address))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, form).await?, &problem))
        }
    }
}
