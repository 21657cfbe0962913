//! The answers of an application as they are read back: for checking before "Submit", on Overview, and for staff.

use std::collections::BTreeMap;

use kernel::{Country, Locale};
use proto::applications::v1::{Application, Catalogue, Form, FormField, Line, MembershipKind, Person, State};

use super::places::{form_of, person_name};
use crate::frame::local;
use crate::text::{Language, Texts};

pub(crate) struct Answers {
    texts: Texts,
    forms: Vec<(String, Form)>,
    names: Vec<(String, String)>,
    /// "AIFC member" with BIN and name, or that it is none.
    pub membership: String,
    /// Whether papers for the application as a whole are there.
    pub has_papers: bool,
    /// Whether the persons' own states are told: from the hand-over of originals on.
    pub with_item_states: bool,
}

/// One question and its answer.
pub(crate) struct Answer {
    pub label: String,
    pub value: String,
}

impl Answers {
    pub(crate) fn new(texts: &Texts, application: &Application, catalogue: &Catalogue) -> Self {
        let membership = application.membership.clone().unwrap_or_default();
        let membership_text = match MembershipKind::try_from(membership.kind).unwrap_or_default() {
            MembershipKind::Member => {
                format!("{}: {} {}", texts.get("aifc-member"), membership.organisation_name, membership.bin)
            }
            MembershipKind::NotMember => texts.get("not-member"),
            MembershipKind::Unspecified => "–".to_owned(),
        };
        Self {
            texts: texts.clone(),
            forms: application
                .lines
                .iter()
                .filter_map(|line| Some((line.id.clone(), form_of(catalogue, line)?.clone())))
                .collect(),
            names: application
                .lines
                .iter()
                .flat_map(|line| &line.persons)
                .map(|person| (person.id.clone(), person_name(texts, person)))
                .collect(),
            membership: membership_text,
            has_papers: application.documents.iter().any(|item| !item.files.is_empty()),
            with_item_states: has_item_states(application),
        }
    }

    /// The name of a person item.
    pub(crate) fn person_name(&self, id: &str) -> String {
        self.names.iter().find(|(found, _)| found == id).map_or_else(String::new, |(_, name)| name.clone())
    }

    /// A person's answers in the order of the form.
    pub(crate) fn of(&self, line: &Line, person: &Person) -> Vec<Answer> {
        self.read(line, &person.values)
    }

    /// The same of a form that is for the line.
    pub(crate) fn of_line(&self, line: &Line) -> Vec<Answer> {
        self.read(line, &line.answers)
    }

    fn read(&self, line: &Line, values: &BTreeMap<String, String>) -> Vec<Answer> {
        let Some((_, form)) = self.forms.iter().find(|(id, _)| *id == line.id) else {
            return Vec::new();
        };
        form.fields
            .iter()
            .filter_map(|field| {
                let value = values.get(&field.key).filter(|value| !value.is_empty())?;
                Some(Answer {
                    label: local(field.label.as_ref(), self.texts.language()),
                    value: spoken(field, value, self.texts.language()),
                })
            })
            .collect()
    }
}

fn has_item_states(application: &Application) -> bool {
    matches!(
        State::try_from(application.state).unwrap_or_default(),
        State::AwaitingDocuments | State::DocsPartial | State::InProgress | State::ReadyForPickup | State::Completed
    )
}

/// An answer as it is read: a choice by its label, a country by its name, a date in the local form.
pub(crate) fn spoken(field: &FormField, value: &str, language: Language) -> String {
    match field.kind.as_str() {
        "choice" => field
            .choices
            .iter()
            .find(|choice| choice.value == value)
            .map_or_else(|| value.to_owned(), |choice| local(choice.label.as_ref(), language)),
        "country" => {
            Country::parse(value).map_or_else(|_| value.to_owned(), |country| country.name(locale(language)).to_owned())
        }
        "date" => value
            .parse::<jiff::civil::Date>()
            .map_or_else(|_| value.to_owned(), |date| date.strftime("%d.%m.%Y").to_string()),
        _ => value.to_owned(),
    }
}

/// The kernel's word for a language.
pub(crate) fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::En,
        Language::Ru => Locale::Ru,
        Language::Kk => Locale::Kk,
    }
}
