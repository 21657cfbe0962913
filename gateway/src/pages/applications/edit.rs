//! The step "Application": services, contact details, persons, documents. Each button saves what was typed before it does its own work.
#![expect(clippy::unused_self, reason = "templates hand over references and reach only methods")]

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{Application, Catalogue, DocumentItem, Line, State};

use super::documents;
use super::edit_entries::{self as entries, Row};
use super::places::{self, Place};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, Choice, autosave, html, html_refused, steps, to, words};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/edit.html")]
struct EditPage {
    frame: Frame,
    form: Form,
    steps: Vec<steps::Step>,
    rows: Vec<Row>,
    addable: Vec<Choice>,
    /// Name of the organisation of the BIN, once it was found.
    organisation: String,
    walk_in_minor: i64,
    marks: Vec<Place>,
    papers: Vec<DocumentItem>,
    person_id: String,
    editable: bool,
    saved: bool,
    application: Application,
    catalogue: Catalogue,
}

impl EditPage {
    fn new(
        visit: &Visit,
        application: Application,
        catalogue: Catalogue,
        fields: Fields,
        refused: Option<Problem>,
    ) -> Self {
        let number = application.number.to_string();
        let frame = Frame::titled(visit, visit.texts.with("application-number", &[("number", &number)]));
        let held = application.membership.clone().unwrap_or_default();
        let same_bin = held.bin == fields.text("bin") && held.verified;
        let marks = application
            .marks
            .iter()
            .map(|mark| places::of(&visit.texts, &application, &catalogue, &mark.field, mark.reason.clone()))
            .collect();
        Self {
            rows: entries::rows(&frame, &application, &catalogue, &fields),
            addable: entries::addable(&frame, &catalogue, &fields),
            organisation: if same_bin { held.organisation_name } else { String::new() },
            walk_in_minor: entries::minor(application.walk_in_price.as_ref()),
            form: match refused {
                Some(problem) => Form::refused(visit, fields, problem).beside(entries::known(&application, None)),
                None => Form::new(visit, fields),
            },
            steps: steps::steps(&application, steps::Place::Application),
            papers: application.documents.clone(),
            person_id: String::new(),
            editable: true,
            saved: visit.query.has("saved"),
            marks,
            frame,
            application,
            catalogue,
        }
    }

    fn wants_more(&self, line: &Line) -> bool {
        line.per_person && line.persons.len() < line.quantity as usize
    }

    fn opens(&self, line: &Line) -> bool {
        let open = if line.has_sheet { !self.sheet_complete(line) } else { self.wants_more(line) };
        (line.per_person || line.has_sheet) && (self.application.lines.len() == 1 || open || line.ended)
    }

    fn sheet_complete(&self, line: &Line) -> bool {
        let own = format!("lines[{}].answers.", line.id);
        !self.application.missing.iter().any(|entry| entry.field.starts_with(&own))
    }

    fn counted(&self, line: &Line) -> String {
        let (have, of) = (line.persons.len().to_string(), line.quantity.to_string());
        self.frame.t.with("persons-counted", &[("have", &have), ("of", &of)])
    }

    fn counted_tone(&self, line: &Line) -> &'static str {
        if self.wants_more(line) { "warn" } else { "good" }
    }

    fn documents_complete(&self, items: &[DocumentItem]) -> bool {
        items.iter().all(|item| !item.required || !item.files.is_empty())
    }
}

/// An application that may no longer be edited is shown at its present step.
fn present_step(application: &Application) -> Option<String> {
    let number = application.number;
    match State::try_from(application.state).unwrap_or_default() {
        State::Draft | State::Returned => None,
        State::AwaitingPayment if application.payment_status <= 1 => Some(format!("/applications/{number}/payer")),
        State::Unspecified
        | State::New
        | State::InReview
        | State::PendingApproval
        | State::AwaitingPayment
        | State::AwaitingDocuments
        | State::DocsPartial
        | State::InProgress
        | State::ReadyForPickup
        | State::Completed
        | State::Rejected
        | State::Cancelled
        | State::Expired => Some(format!("/applications/{number}/overview")),
    }
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let application = super::load(&visit, number).await?;
    if let Some(address) = present_step(&application) {
        return Ok(to(&address));
    }
    let catalogue = super::catalogue(&visit).await?;
    let fields = entries::known(&application, visit.account().filter(|_| !visit.is_staff()));
    Ok(html(&EditPage::new(&visit, application, catalogue, fields, documents::refused(&visit))))
}

pub(super) async fn save(Path(number): Path<i64>, posted: Posted) -> Answer {
    let action = posted.fields.text("action");
    if action == autosave::ACTION {
        return Ok(match store(&posted, number, &action).await {
            Ok(version) => autosave::saved(&posted.visit, version, ""),
            Err(problem) => autosave::refused(&posted.visit, &problem.refusal()?),
        });
    }
    match store(&posted, number, &action).await {
        Ok(_) => {
            let address = match action.split_once(':') {
                Some(("person", line))
                    if line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) =>
                {
                    format!("/applications/{number}/lines/{line}/persons/new")
                }
                _ => match action.as_str() {
                    "next" => format!("/applications/{number}/review"),
                    "save" => format!("/applications/{number}?saved"),
                    _ => format!("/applications/{number}#services-section"),
                },
            };
            Ok(to(&address))
        }
        Err(problem) => {
            let problem = entries::at_controls(problem.refusal()?, &posted.fields);
            let application = super::load(&posted.visit, number).await?;
            let catalogue = super::catalogue(&posted.visit).await?;
            let page = EditPage::new(&posted.visit, application, catalogue, posted.fields, Some(problem.clone()));
            Ok(html_refused(&page, &problem))
        }
    }
}

/// Saves what differs from what is held, and tells the version after it. The typed version counts: whoever saved since is not overwritten.
async fn store(posted: &Posted, number: i64, action: &str) -> Result<i64, Problem> {
    let visit = &posted.visit;
    let mut application = super::load(visit, number).await?;
    let mut version = posted.version();
    if action == "search" && posted.fields.text("bin").is_empty() {
        return Err(Problem::at("bin", "BIN_MISSING"));
    }
    let services = entries::services(&application, &posted.fields, version);
    if entries::changes_services(&application, &services) || action == "search" {
        let request = posted.command(services);
        application = visit.app.services.applications().save_services(request).await?.into_inner();
        version = application.version;
    }
    let membership = application.membership.clone().unwrap_or_default();
    if action == "search" && !membership.verified {
        // Kept as typed; the registry did not answer, so the name is not known yet.
        return Err(Problem::at("bin", "REGISTRY_UNAVAILABLE"));
    }
    let contact = entries::contact(&application, &posted.fields, version);
    let typed = contact.contact.clone().unwrap_or_default();
    let empty = typed == proto::applications::v1::Contact::default();
    // Searching or adding a line does not ask for the contact to be right already.
    let due = matches!(action, "save" | "next" | autosave::ACTION) || action.starts_with("person:");
    if due && !empty && application.contact.as_ref() != Some(&typed) {
        let request = posted.command(contact);
        version = visit.app.services.applications().save_contact(request).await?.into_inner().version;
    }
    Ok(version)
}
