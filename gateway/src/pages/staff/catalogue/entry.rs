//! One entry of the catalogue: its editions, and a new one, which can be looked at before it is published.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{Edition, EditionPreview, GetEditionRequest, ProposeEditionRequest};

use super::{colleagues, editions};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::questions::{self, Question};
use crate::pages::{Answer, html, html_refused, to, words};
use crate::posted::Posted;
use crate::problem::Problem;
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
}

async fn page(
    visit: &Visit,
    kind: &str,
    code: &str,
    mut form: Form,
    preview: Option<EditionPreview>,
) -> Result<EntryPage, Problem> {
    let history = if code == NEW { Vec::new() } else { editions(visit, kind, code).await? };
    if code != NEW && history.is_empty() {
        return Err(Problem::not_found());
    }
    // A new edition begins with the newest text.
    if let Some(newest) = history.iter().find(|edition| edition.state != "declined") {
        let request = visit.ask(GetEditionRequest { id: newest.id });
        let whole = visit.app.services.applications().get_edition(request).await?.into_inner();
        let next = history.iter().map(|edition| edition.version).max().unwrap_or(0) + 1;
        form.preset("body", &renumbered(kind, &whole.body, next));
    }
    let frame = Frame::titled(visit, if code == NEW { visit.texts.get("new-entry") } else { code.to_owned() });
    Ok(EntryPage {
        kind_name: frame.label("edition-kind", kind),
        frame: frame.with_colleagues(colleagues(visit).await),
        form,
        kind: kind.to_owned(),
        history,
        may_propose: visit.has_role("admin")
            || (visit.has_role("finance") && matches!(kind, "service" | "terms") && code != NEW),
        questions: preview
            .as_ref()
            .and_then(|preview| preview.form.as_ref())
            .map(|form| questions::of_form(&visit.texts, form))
            .unwrap_or_default(),
        preview,
    })
}

/// A form and an offer say their version themselves: the text of a new one says the next.
fn renumbered(kind: &str, body: &str, next: u32) -> String {
    if !matches!(kind, "form" | "public_offer") {
        return body.to_owned();
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
    Ok(html(&page(&visit, &kind, &code, form, None).await?))
}

pub(in super::super) async fn propose(Path((kind, code)): Path<(String, String)>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let mut applications = visit.app.services.applications();
    let command = ProposeEditionRequest {
        kind: kind.clone(),
        code: if code == NEW { String::new() } else { code.clone() },
        body: posted.fields.get("body").replace("\r\n", "\n"),
        from_date: posted.fields.text("from_date"),
        reason: posted.fields.text("reason"),
    };
    let refused = |problem: Problem| async {
        let problem = problem.refusal()?;
        let form = Form::refused(visit, posted.fields.clone(), problem.clone());
        Ok(html_refused(&page(visit, &kind, &code, form, None).await?, &problem))
    };
    if posted.fields.get("action") == "preview" {
        return match applications.preview_edition(visit.ask(command)).await {
            Ok(preview) => {
                let form = Form::new(visit, posted.fields.clone());
                Ok(html(&page(visit, &kind, &code, form, Some(preview.into_inner())).await?))
            }
            Err(status) => refused(Problem::from(status)).await,
        };
    }
    match applications.propose_edition(posted.command(command)).await {
        Ok(made) => Ok(to(&format!("/staff/editions/{}?proposed", made.into_inner().id))),
        Err(status) => refused(Problem::from(status)).await,
    }
}
