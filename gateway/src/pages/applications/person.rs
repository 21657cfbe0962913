//! "Add person": the form of a service for one person, and the person's documents.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{Application, Catalogue, DocumentItem, RemovePersonRequest, SavePersonRequest};

use super::documents;
use super::places::{self, Place};
use super::questions::{self, Question, questions};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::{Frame, local};
use crate::pages::account::saved::{Keeping, Kind, Saved};
use crate::pages::{Answer, autosave, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/person.html")]
struct PersonPage {
    frame: Frame,
    form: Form,
    number: String,
    service: String,
    questions: Vec<Question>,
    papers: Vec<DocumentItem>,
    /// Other open applications for the same service with the same passport.
    duplicates: Vec<i64>,
    /// What this person lacks for submission.
    missing: Vec<Place>,
    /// Empty for a person not added yet.
    person_id: String,
    editable: bool,
    saved: bool,
    application: Application,
    own: Saved,
}

impl PersonPage {
    fn new(
        visit: &Visit,
        application: Application,
        catalogue: &Catalogue,
        line_id: &str,
        person_id: &str,
        own: Saved,
        entered: Entered,
    ) -> Result<Self, Problem> {
        let line = application.lines.iter().find(|line| line.id == line_id).ok_or_else(Problem::not_found)?;
        let person = line.persons.iter().find(|person| person.id == person_id);
        if person.is_none() && !person_id.is_empty() {
            return Err(Problem::not_found());
        }
        let questions = questions(&visit.texts, catalogue, line);
        let mut stored = Fields::default();
        for (key, value) in person.iter().flat_map(|person| &person.values) {
            stored.set(key, value.as_str());
        }
        let mut form = match entered {
            Entered::Nothing => {
                let mut fields = stored;
                if person.is_none() {
                    own.fill(visit, &mut fields);
                }
                match documents::refused(visit) {
                    Some(problem) => Form::refused(visit, fields, problem),
                    None => Form::new(visit, fields),
                }
            }
            Entered::Refused(fields, problem) => Form::refused(visit, fields, problem).beside(stored),
        };
        for question in &questions {
            form.label(&question.name, &question.label);
        }
        let title = match person {
            Some(person) if !person.name.is_empty() => Frame::titled(visit, person.name.clone()),
            Some(_) => Frame::new(visit, "person"),
            None => Frame::new(visit, "add-person"),
        };
        Ok(Self {
            frame: title,
            form,
            number: application.number.to_string(),
            service: local(line.path.as_ref(), visit.language()),
            questions,
            missing: lacking(visit, &application, catalogue, person_id),
            duplicates: person.map(|person| person.duplicates.clone()).unwrap_or_default(),
            papers: person.map(|person| person.documents.clone()).unwrap_or_default(),
            person_id: person_id.to_owned(),
            editable: true,
            saved: visit.query.has("saved"),
            application,
            own,
        })
    }
}

fn lacking(visit: &Visit, application: &Application, catalogue: &Catalogue, person_id: &str) -> Vec<Place> {
    let own = format!("persons[{person_id}]");
    let mut application = application.clone();
    application.missing.retain(|entry| !person_id.is_empty() && entry.field.contains(&own));
    places::missing(&visit.texts, &application, catalogue).into_iter().map(Place::on_its_page).collect()
}

enum Entered {
    Nothing,
    Refused(Fields, Problem),
}

fn id_of(person: &str) -> &str {
    if person == "new" { "" } else { person }
}

pub(super) async fn show(visit: Visit, Path((number, line, person)): Path<(i64, String, String)>) -> Answer {
    let application = super::load(&visit, number).await?;
    let catalogue = super::catalogue(&visit).await?;
    let own = Saved::of(&visit, Kind::Person).await;
    Ok(html(&PersonPage::new(&visit, application, &catalogue, &line, id_of(&person), own, Entered::Nothing)?))
}

pub(super) async fn save(Path((number, line, person)): Path<(i64, String, String)>, posted: Posted) -> Answer {
    let person = id_of(&person);
    let stored = store(&posted, number, &line, person).await;
    if posted.fields.get("action") == autosave::ACTION {
        return Ok(match stored {
            Ok(stored) => autosave::saved(&posted.visit, stored.version, &stored.own),
            Err(problem) => autosave::refused(&posted.visit, &problem.refusal()?),
        });
    }
    match stored {
        Ok(stored) => Ok(to(&stored.next)),
        Err(problem) => {
            let problem = problem.refusal()?;
            let application = super::load(&posted.visit, number).await?;
            let catalogue = super::catalogue(&posted.visit).await?;
            let own = Saved::of(&posted.visit, Kind::Person).await;
            let entered = Entered::Refused(posted.fields, problem.clone());
            let page = PersonPage::new(&posted.visit, application, &catalogue, &line, person, own, entered)?;
            Ok(html_refused(&page, &problem))
        }
    }
}

/// What came of a posted form.
struct Stored {
    version: i64,
    /// The person's own page.
    own: String,
    /// Where one goes from here.
    next: String,
}

async fn store(posted: &Posted, number: i64, line_id: &str, person_id: &str) -> Result<Stored, Problem> {
    let visit = &posted.visit;
    let back = format!("/applications/{number}#persons");
    let mut applications = visit.app.services.applications();
    if posted.fields.get("action") == "remove" {
        let request =
            posted.command(RemovePersonRequest { number, version: posted.version(), person_id: person_id.to_owned() });
        let version = applications.remove_person(request).await?.into_inner().version;
        return Ok(Stored { version, own: String::new(), next: back });
    }
    let before = super::load(visit, number).await?;
    let catalogue = super::catalogue(visit).await?;
    let line = before.lines.iter().find(|line| line.id == line_id).ok_or_else(Problem::not_found)?;
    let values = questions::answers(&questions(&visit.texts, &catalogue, line), &posted.fields);
    // What is half typed is not kept for other applications.
    let by_itself = posted.fields.get("action") == autosave::ACTION;
    let keeping = if by_itself { None } else { Keeping::asked(posted, Kind::Person).await? };
    let request = posted.command(SavePersonRequest {
        number,
        version: posted.version(),
        line_id: line_id.to_owned(),
        person_id: person_id.to_owned(),
        values,
    });
    let after = applications.save_person(request).await?.into_inner();
    if let Some(keeping) = keeping {
        keeping.keep(posted).await;
    }
    let known: Vec<_> = line.persons.iter().map(|person| person.id.as_str()).collect();
    let saved = after.lines.iter().filter(|line| line.id == line_id).flat_map(|line| &line.persons).find(|person| {
        if person_id.is_empty() { !known.contains(&person.id.as_str()) } else { person.id == person_id }
    });
    let own = saved
        .map_or_else(String::new, |person| format!("/applications/{number}/lines/{line_id}/persons/{}", person.id));
    // The papers come next, where there are any to bring.
    let next = match saved {
        Some(person) if !person.documents.is_empty() => format!("{own}?saved#documents"),
        _ => back,
    };
    Ok(Stored { version: after.version, own, next })
}
