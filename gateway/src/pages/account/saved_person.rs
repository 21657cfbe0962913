//! One person that the own account keeps: the questions are those of the services' forms.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::Catalogue;

use super::saved::{Kind, Saved};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::catalogue;
use crate::pages::applications::questions::{Question, question};
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::text::Texts;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/saved_person.html")]
struct SavedPersonPage {
    frame: Frame,
    form: Form,
    questions: Vec<Question>,
    version: i64,
}

/// The page of one that is kept, or of one to add.
fn page(
    visit: &Visit,
    saved: &Saved,
    catalogue: &Catalogue,
    id: &str,
    form: impl FnOnce(Fields) -> Form,
) -> Result<SavedPersonPage, Problem> {
    let found = saved.find(id);
    if found.is_none() && id != "new" {
        return Err(Problem::not_found());
    }
    let mut known = Fields::default();
    for (key, value) in found.iter().flat_map(|one| &one.values) {
        known.set(key, value.as_str());
    }
    let questions = questions(&visit.texts, saved, catalogue);
    let mut form = form(known);
    for question in &questions {
        form.label(&question.name, &question.label);
    }
    let frame = match found {
        Some(one) => Frame::titled(visit, saved.name(one)),
        None => Frame::new(visit, "saved-person-add"),
    };
    Ok(SavedPersonPage { frame, form, questions, version: found.map_or(0, |one| one.version) })
}

/// What can be kept, as the first form that asks it does.
fn questions(texts: &Texts, saved: &Saved, catalogue: &Catalogue) -> Vec<Question> {
    let fields = || catalogue.forms.iter().flat_map(|form| &form.fields);
    let asked = saved.fields.iter().filter_map(|key| fields().find(|field| field.key == *key));
    asked.map(|field| question(texts, field)).collect()
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let saved = Saved::read(&visit, Kind::Person).await?;
    let catalogue = catalogue(&visit).await?;
    Ok(html(&page(&visit, &saved, &catalogue, &id, |known| Form::new(&visit, known))?))
}

pub(super) async fn save(Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let saved = Saved::read(visit, Kind::Person).await?;
    if id != "new" && saved.find(&id).is_none() {
        return Err(Problem::not_found());
    }
    let stored = if id == "new" { "" } else { id.as_str() };
    match saved.store(&posted, stored, posted.version()).await {
        Ok(()) => Ok(to("/account/persons?saved")),
        Err(problem) => {
            let problem = problem.refusal()?;
            let catalogue = catalogue(visit).await?;
            let form = |_| Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, &saved, &catalogue, &id, form)?, &problem))
        }
    }
}
