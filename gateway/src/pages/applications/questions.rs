//! The questions of a form as controls of a page.

use std::collections::BTreeMap;

use kernel::Country;
use proto::applications::v1::{Catalogue, Form, FormField, Line};

use super::answers::locale;
use super::places::form_of;
use crate::fields::Fields;
use crate::frame::local;
use crate::pages::Choice;
use crate::text::{Language, Texts};

/// One control.
pub(crate) struct Question {
    pub name: String,
    pub label: String,
    pub help: String,
    pub kind: String,
    pub input: &'static str,
    pub autocomplete: &'static str,
    pub required: bool,
    pub choices: Vec<Choice>,
    /// Heading above it; empty inside a section.
    pub section: String,
    /// The condition under which it is asked, as attributes for the page's script; field empty: always.
    pub when_field: String,
    pub when_any: String,
    pub when_none: String,
    pub when_differs: String,
}

/// The questions of a line's form, in the version that the application holds.
pub(crate) fn questions(texts: &Texts, catalogue: &Catalogue, line: &Line) -> Vec<Question> {
    form_of(catalogue, line).map_or_else(Vec::new, |form| of_form(texts, form))
}

pub(crate) fn of_form(texts: &Texts, form: &Form) -> Vec<Question> {
    form.fields.iter().map(|field| question(texts, field)).collect()
}

pub(crate) fn question(texts: &Texts, field: &FormField) -> Question {
    let language = texts.language();
    let mut choices = match field.kind.as_str() {
        "country" => countries(language),
        _ => field
            .choices
            .iter()
            .map(|choice| Choice::new(choice.value.as_str(), local(choice.label.as_ref(), language)))
            .collect(),
    };
    choices.insert(0, Choice::new("", "–"));
    let when = field.when.clone().unwrap_or_default();
    let mut help = local(field.help.as_ref(), language);
    if help.is_empty() && !when.field.is_empty() && field.required {
        // Without scripts every question is shown.
        help = texts.get("only-where-it-applies");
    }
    Question {
        name: field.key.clone(),
        label: local(field.label.as_ref(), language),
        help,
        kind: field.kind.clone(),
        input: match field.kind.as_str() {
            "date" => "date",
            "email" => "email",
            "phone" => "tel",
            "number" => "number",
            _ => "text",
        },
        autocomplete: "off",
        required: field.required,
        choices,
        section: local(field.section.as_ref(), language),
        when_field: when.field,
        when_any: when.any_of.join(" "),
        when_none: when.none_of.join(" "),
        when_differs: when.differs_from,
    }
}

/// What was entered, by field key.
pub(crate) fn answers(questions: &[Question], fields: &Fields) -> BTreeMap<String, String> {
    questions
        .iter()
        .map(|question| (question.name.clone(), fields.text(&question.name)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// All countries by name in the reader's language.
pub(crate) fn countries(language: Language) -> Vec<Choice> {
    let mut all: Vec<_> =
        Country::all().map(|country| Choice::new(country.code(), country.name(locale(language)))).collect();
    all.sort_by(|one, other| one.label.cmp(&other.label));
    all
}
