//! What the applicant changed after the last return: each answer before and after, each mark and how it was answered.

use proto::applications::v1::{Application, Catalogue, Changes, FormField, GetChangesRequest};

use crate::pages::applications::answers::spoken;
use crate::pages::applications::places::{self, form_of};
use crate::visit::Visit;

/// One answer that is another now.
pub(super) struct Changed {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// One correction that was asked for.
pub(super) struct Answered {
    pub label: String,
    pub reason: String,
    pub reply: String,
    pub changed: bool,
}

/// Nothing where nothing was returned; the rest of the page stands without it.
pub(super) async fn read(visit: &Visit, number: i64) -> Changes {
    let request = visit.ask(GetChangesRequest { number });
    let answer = visit.app.services.applications().get_changes(request).await;
    answer.map(tonic::Response::into_inner).unwrap_or_default()
}

pub(super) fn changed(visit: &Visit, of: &Application, catalogue: &Catalogue, told: &Changes) -> Vec<Changed> {
    let say = |path: &str, value: &str| match question(of, catalogue, path) {
        Some(field) if !value.is_empty() => spoken(field, value, visit.language()),
        _ => value.to_owned(),
    };
    told.changes
        .iter()
        .map(|change| Changed {
            label: label(visit, of, catalogue, &change.field),
            before: say(&change.field, &change.before),
            after: say(&change.field, &change.after),
        })
        .collect()
}

pub(super) fn answered(visit: &Visit, of: &Application, catalogue: &Catalogue, told: &Changes) -> Vec<Answered> {
    told.marks
        .iter()
        .map(|mark| Answered {
            label: label(visit, of, catalogue, &mark.field),
            reason: mark.reason.clone(),
            reply: mark.reply.clone(),
            changed: mark.changed,
        })
        .collect()
}

fn label(visit: &Visit, of: &Application, catalogue: &Catalogue, path: &str) -> String {
    if path == "walk_in" {
        return visit.texts.get("walk-in");
    }
    places::of(&visit.texts, of, catalogue, path, String::new()).label()
}

/// The question of a person's form at a path.
fn question<'a>(of: &Application, catalogue: &'a Catalogue, path: &str) -> Option<&'a FormField> {
    let (person, key) = path.rsplit_once("].")?;
    let line = of.lines.iter().find(|line| person.starts_with(&format!("lines[{}].persons[", line.id)))?;
    form_of(catalogue, line)?.fields.iter().find(|field| field.key == key)
}
