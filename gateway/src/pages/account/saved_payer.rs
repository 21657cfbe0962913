//! One payer that the own account keeps.

use askama::Template;
use axum::extract::Path;

use super::saved::{Kind, Saved};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::countries;
use crate::pages::payment::payment_types;
use crate::pages::{Answer, Choice, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/saved_payer.html")]
struct SavedPayerPage {
    frame: Frame,
    form: Form,
    payment_types: Vec<Choice>,
    countries: Vec<Choice>,
    version: i64,
}

/// The page of one that is kept, or of one to add.
fn page(visit: &Visit, saved: &Saved, id: &str, form: impl FnOnce(Fields) -> Form) -> Result<SavedPayerPage, Problem> {
    let found = saved.find(id);
    if found.is_none() && id != "new" {
        return Err(Problem::not_found());
    }
    let mut known = Fields::default();
    for (key, value) in found.iter().flat_map(|one| &one.values) {
        known.set(key, value.as_str());
    }
    let frame = match found {
        Some(one) => Frame::titled(visit, saved.name(one)),
        None => Frame::new(visit, "saved-payer-add"),
    };
    let mut countries = countries(visit.language());
    countries.insert(0, Choice::new("", "–"));
    let payment_types = payment_types(&visit.texts);
    Ok(SavedPayerPage {
        frame,
        form: form(known),
        payment_types,
        countries,
        version: found.map_or(0, |one| one.version),
    })
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let saved = Saved::read(&visit, Kind::Payer).await?;
    Ok(html(&page(&visit, &saved, &id, |known| Form::new(&visit, known))?))
}

pub(super) async fn save(Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let saved = Saved::read(visit, Kind::Payer).await?;
    if id != "new" && saved.find(&id).is_none() {
        return Err(Problem::not_found());
    }
    let stored = if id == "new" { "" } else { id.as_str() };
    match saved.store(&posted, stored, posted.version()).await {
        Ok(()) => Ok(to("/account/payers?saved")),
        Err(problem) => {
            let problem = problem.refusal()?;
            let form = |_| Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, &saved, &id, form)?, &problem))
        }
    }
}
