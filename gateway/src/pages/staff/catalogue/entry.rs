//! One entry of the catalogue: its editions, and a new one, which can be looked at before it is published. It is written in
//! controls, or as the text that files have.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{Edition, EditionPreview, GetEditionRequest, ProposeEditionRequest};

use super::sheet::{self, Change, Node, Nodes, Others};
use super::{colleagues, editions};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::questions::{self, Question};
use crate::pages::{Answer, html, html_refused, to, words};
use crate::posted::Posted;
use crate::problem::{Problem, Violation};
use crate::visit::Visit;

/// The code in the address of an entry that is still to be made.
const NEW: &str = "new";

#[derive(Template)]
#[template(path = "staff/catalogue_entry.html")]
struct EntryPage {
    frame: Frame,
    form: Form,
    kind: String,
    kind_name: String,
    history: Vec<Edition>,
    may_propose: bool,
    preview: Option<EditionPreview>,
    /// The proposed form as people would see it.
    questions: Vec<Question>,
    /// The entry's controls; none when it is written as text.
    controls: Option<Vec<Node>>,
}

impl EntryPage {
    fn sheet<'a>(&'a self, nodes: &'a [Node]) -> Nodes<'a> {
        Nodes { nodes, t: &self.frame.t }
    }
}

/// What is being written.
enum Writing {
    /// As text, by the form's "body".
    Text,
    /// In controls: the entry so far (none: the newest edition's), and what is wrong with it.
    Controls(Option<toml::Table>, Vec<(String, &'static str)>),
}

impl Writing {
    /// As the page was asked for.
    fn asked(visit: &Visit) -> Self {
        if visit.query.get("as") == "text" { Self::Text } else { Self::Controls(None, Vec::new()) }
    }
}

async fn page(
    visit: &Visit,
    (kind, code): (&str, &str),
    mut form: Form,
    writing: Writing,
    preview: Option<EditionPreview>,
) -> Result<EntryPage, Problem> {
    let slots = sheet::slots(kind).ok_or_else(Problem::not_found)?;
    let history = if code == NEW { Vec::new() } else { editions(visit, kind, code).await? };
    if code != NEW && history.is_empty() {
        return Err(Problem::not_found());
    }
    let newest = history.iter().map(|edition| edition.version).max().unwrap_or(0);
    form.preset("base_version", &newest.to_string());
    let may_propose =
        visit.has_role("admin") || (visit.has_role("finance") && matches!(kind, "service" | "terms") && code != NEW);
    let mut known = String::new();
    // A new edition begins with the newest text.
    if let Some(newest) = history.iter().find(|edition| edition.state != "declined") {
        let request = visit.ask(GetEditionRequest { id: newest.id });
        known = visit.app.services.applications().get_edition(request).await?.into_inner().body;
    }
    let known = renumbered(kind, &known, newest + 1);
    let controls = match writing {
        Writing::Text => {
            form.preset("body", &known);
            None
        }
        Writing::Controls(..) if !may_propose => None,
        Writing::Controls(entry, faults) => {
            let entry = match entry {
                Some(entry) => entry,
                None => toml::from_str(&known).map_err(|_| Problem::internal())?,
            };
            let mut others = Vec::new();
            for kind in sheet::names(slots) {
                let mut codes: Vec<String> =
                    editions(visit, kind, "").await?.into_iter().map(|found| found.code).collect();
                codes.sort_unstable();
                codes.dedup();
                others.push((kind, codes));
            }
            Some(sheet::show(&visit.texts, slots, &entry, &Others::of(others), &faults))
        }
    };
    let frame = Frame::titled(visit, if code == NEW { visit.texts.get("new-entry") } else { code.to_owned() });
    Ok(EntryPage {
        kind_name: frame.label("edition-kind", kind),
        frame: frame.with_colleagues(colleagues(visit).await),
        form,
        kind: kind.to_owned(),
        history,
        may_propose,
        questions: preview
            .as_ref()
            .and_then(|preview| preview.form.as_ref())
            .map(|form| questions::of_form(&visit.texts, form))
            .unwrap_or_default(),
        preview,
        controls,
    })
}

/// A form and an offer say their version themselves: the text of a new one says the next.
fn renumbered(kind: &str, body: &str, next: u32) -> String {
    if !matches!(kind, "form" | "public_offer") {
        return body.to_owned();
    }
    if body.is_empty() {
        return format!("version = {next}\n");
    }
    let mut done = false;
    body.lines()
        .map(|line| {
            if !done && line.starts_with("version = ") {
                done = true;
                return format!("version = {next}\n");
            }
            format!("{line}\n")
        })
        .collect()
}

pub(in super::super) async fn show(visit: Visit, Path((kind, code)): Path<(String, String)>) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, (&kind, &code), form, Writing::asked(&visit), None).await?))
}

pub(in super::super) async fn propose(Path((kind, code)): Path<(String, String)>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let place = (kind.as_str(), code.as_str());
    let action = posted.fields.text("action");
    let mut fields = posted.fields.clone();
    let slots = sheet::slots(&kind).ok_or_else(Problem::not_found)?;
    let (entry, faults) = if fields.has("body") {
        (None, Vec::new())
    } else {
        let (entry, faults) = sheet::read(slots, &fields);
        (Some(entry), faults)
    };
    let writing = |faults| entry.clone().map_or(Writing::Text, |entry| Writing::Controls(Some(entry), faults));
    if let (Some((change, at)), Some(mut changed)) = (Change::parse(&action), entry.clone()) {
        change.make(&mut changed, at);
        let form = Form::new(visit, fields);
        return Ok(html(&page(visit, place, form, Writing::Controls(Some(changed), Vec::new()), None).await?));
    }
    if !faults.is_empty() {
        let problem = at_controls(&faults);
        let mut form = Form::refused(visit, fields, problem.clone());
        for (name, _) in &faults {
            let (last, label) = sheet::label(&visit.texts, name);
            form.label(last, &label);
        }
        return Ok(html_refused(&page(visit, place, form, writing(faults), None).await?, &problem));
    }
    let body = match &entry {
        Some(entry) => toml::to_string(entry).map_err(|_| Problem::malformed())?,
        None => fields.get("body").replace("\r\n", "\n"),
    };
    let command = ProposeEditionRequest {
        kind: kind.clone(),
        code: if code == NEW { String::new() } else { code.clone() },
        body,
        from_date: fields.text("from_date"),
        reason: fields.text("reason"),
        base_version: fields.get("base_version").trim().parse().ok(),
    };
    let mut applications = visit.app.services.applications();
    let problem = if action == "preview" {
        match applications.preview_edition(visit.ask(command)).await {
            Ok(preview) => {
                let mut preview = preview.into_inner();
                if entry.is_some() {
                    preview.faults.iter_mut().for_each(without_line);
                }
                let form = Form::new(visit, fields);
                return Ok(html(&page(visit, place, form, writing(faults), Some(preview)).await?));
            }
            Err(status) => Problem::from(status).refusal()?,
        }
    } else {
        match applications.propose_edition(posted.command(command)).await {
            Ok(made) => return Ok(to(&format!("/staff/editions/{}?proposed", made.into_inner().id))),
            Err(status) => Problem::from(status).refusal()?,
        }
    };
    if problem.code == "EDITION_CHANGED" {
        // Told once, with the history below: whoever publishes again means to replace it.
        let newest = editions(visit, &kind, &code).await?.iter().map(|edition| edition.version).max().unwrap_or(0);
        fields.replace("base_version", newest.to_string());
    }
    let form = Form::refused(visit, fields, problem.clone());
    Ok(html_refused(&page(visit, place, form, writing(faults), None).await?, &problem))
}

/// The controls' faults as a refusal.
fn at_controls(faults: &[(String, &'static str)]) -> Problem {
    let mut problem = Problem::new(http::StatusCode::UNPROCESSABLE_ENTITY, "INVALID_INPUT");
    problem.violations = faults
        .iter()
        .map(|(field, code)| Violation {
            field: field.clone(),
            code: (*code).to_owned(),
            params: std::collections::HashMap::new(),
        })
        .collect();
    problem
}

/// A fault of an entry that is written in controls has no line.
fn without_line(fault: &mut String) {
    let told = fault.strip_prefix("line ").and_then(|rest| rest.split_once(": ")).map(|(_, told)| told.to_owned());
    if let Some(told) = told {
        *fault = told;
    }
}
