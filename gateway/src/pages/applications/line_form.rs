//! The form of a service that is not for persons: one sheet for its line.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{Application, Catalogue, SaveLineAnswersRequest};

use super::places::{self, Place};
use super::questions::{self, Question, questions};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::{Frame, local};
use crate::pages::{Answer, autosave, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/line_form.html")]
struct LineFormPage {
    frame: Frame,
    form: Form,
    number: String,
    questions: Vec<Question>,
    missing: Vec<Place>,
    application: Application,
}

impl LineFormPage {
    fn new(
        visit: &Visit,
        application: Application,
        catalogue: &Catalogue,
        line_id: &str,
        refused: Option<(Fields, Problem)>,
    ) -> Result<Self, Problem> {
        let line = application.lines.iter().find(|line| line.id == line_id && line.has_sheet);
        let line = line.ok_or_else(Problem::not_found)?;
        let questions = questions(&visit.texts, catalogue, line);
        let mut stored = Fields::default();
        for (key, value) in &line.answers {
            stored.set(key, value.as_str());
        }
        let mut form = match refused {
            Some((fields, problem)) => Form::refused(visit, fields, problem).beside(stored),
            None => Form::new(visit, stored),
        };
        for question in &questions {
            form.label(&question.name, &question.label);
        }
        let own = format!("lines[{line_id}].answers.");
        let mut of_line = application.clone();
        of_line.missing.retain(|entry| entry.field.starts_with(&own));
        // What was never filled in is not told as a fault.
        let begun = !line.answers.is_empty();
        let missing = places::missing(&visit.texts, &of_line, catalogue).into_iter().filter(|_| begun);
        Ok(Self {
            missing: missing.map(Place::on_its_page).collect(),
            frame: Frame::titled(visit, local(line.path.as_ref(), visit.language())),
            form,
            number: application.number.to_string(),
            questions,
            application,
        })
    }
}

pub(super) async fn show(visit: Visit, Path((number, line)): Path<(i64, String)>) -> Answer {
    let application = super::load(&visit, number).await?;
    let catalogue = super::catalogue(&visit).await?;
    Ok(html(&LineFormPage::new(&visit, application, &catalogue, &line, None)?))
}

pub(super) async fn save(Path((number, line)): Path<(i64, String)>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let before = super::load(visit, number).await?;
    let catalogue = super::catalogue(visit).await?;
    let held = before.lines.iter().find(|held| held.id == line).ok_or_else(Problem::not_found)?;
    let values = questions::answers(&questions(&visit.texts, &catalogue, held), &posted.fields);
    let command = SaveLineAnswersRequest { number, version: posted.version(), line_id: line.clone(), values };
    let saved = visit.app.services.applications().save_line_answers(posted.command(command)).await;
    if posted.fields.get("action") == autosave::ACTION {
        return Ok(match saved {
            Ok(after) => autosave::saved(visit, after.into_inner().version, ""),
            Err(status) => autosave::refused(visit, &Problem::from(status).refusal()?),
        });
    }
    match saved {
        Ok(after) => {
            let own = format!("lines[{line}].answers.");
            let complete = !after.into_inner().missing.iter().any(|entry| entry.field.starts_with(&own));
            let back = format!("/applications/{number}#persons");
            Ok(to(&if complete { back } else { format!("/applications/{number}/lines/{line}/form") }))
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let refused = Some((posted.fields.clone(), problem.clone()));
            Ok(html_refused(&LineFormPage::new(visit, before, &catalogue, &line, refused)?, &problem))
        }
    }
}
