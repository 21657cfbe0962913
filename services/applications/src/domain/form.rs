//! A form as data: what is asked, when, and what an answer must be. Canonical answers come out, or a fault at each
//! field. A form that was used is never changed: a change is a new version.

pub(crate) mod condition;
pub(crate) mod field;

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Localized, Violation};
use serde::{Deserialize, Serialize};

use super::codes;
pub(crate) use condition::Condition;
pub(crate) use field::{Field, FieldKind};

/// Answers by field key.
pub(crate) type Values = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub code: String,
    pub version: i32,
    /// What the form's questions are about.
    #[serde(default)]
    pub subject: Subject,
    /// A form whose fields come first; a field of the same key replaces one of those in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<Base>,
    pub fields: Vec<Field>,
}

/// One answer sheet for each unit of "Amount", or one for the line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Subject {
    #[default]
    Person,
    Line,
}

/// A form at a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Base {
    pub form: String,
    pub version: i32,
}

impl Form {
    /// With the fields of the form that it extends.
    #[must_use]
    pub(crate) fn on(&self, base: &Self) -> Self {
        let mut fields = base.fields.clone();
        for field in &self.fields {
            match fields.iter_mut().find(|inherited| inherited.key == field.key) {
                Some(inherited) => *inherited = field.clone(),
                None => fields.push(field.clone()),
            }
        }
        Self { fields, extends: None, ..self.clone() }
    }

    /// Answers in canonical form, and what is wrong or missing. Answers to questions that the form does not ask, or
    /// not of this person, are dropped.
    pub(crate) fn read(&self, answers: &Values, today: Date) -> (Values, Vec<Violation>) {
        let mut values = Values::new();
        let mut faults = Vec::new();
        for field in &self.fields {
            if field.when.as_ref().is_some_and(|when| !when.holds(&values)) {
                continue;
            }
            let answer = answers.get(&field.key).map_or("", |answer| answer.trim());
            if answer.is_empty() {
                if field.required {
                    faults.push(Violation::new(&field.key, codes::FIELD_REQUIRED));
                }
                continue;
            }
            match field.read(answer) {
                Ok(value) => {
                    values.insert(field.key.clone(), value);
                }
                Err(fault) => {
                    // What was entered is kept, so that it can be corrected rather than typed again.
                    values.insert(field.key.clone(), answer.chars().take(KEPT_MAX).collect());
                    faults.push(*fault);
                }
            }
        }
        let bounds = self.fields.iter().filter_map(|field| field.date_fault(&values, today));
        faults.extend(bounds.collect::<Vec<_>>());
        (values, faults)
    }

    /// What is wrong with the form itself: key of the field (empty: the form) and a sentence.
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let mut faults = Vec::new();
        let mut seen: Vec<&Field> = Vec::new();
        for field in &self.fields {
            let mut tell = |what: String| faults.push((field.key.clone(), what));
            if seen.iter().any(|other| other.key == field.key) {
                tell("stands twice".to_owned());
            }
            for what in field.faults() {
                tell(what);
            }
            if let Some(when) = &field.when {
                for asked in when.names() {
                    match seen.iter().find(|other| other.key == asked) {
                        None => tell(format!("its condition names {asked}, which is not asked before it")),
                        Some(other) => {
                            for value in when.values().filter(|value| !other.may_be(value)) {
                                tell(format!("its condition waits for {value}, which {asked} never is"));
                            }
                        }
                    }
                }
            }
            for bound in field.bounds() {
                let known = self.fields.iter().any(|other| other.key == bound && other.kind == FieldKind::Date);
                if bound != field::TODAY && !known {
                    tell(format!("its bound {bound} is no date of this form"));
                }
            }
            seen.push(field);
        }
        if self.version < 1 {
            faults.push((String::new(), "versions count from 1".to_owned()));
        }
        faults
    }
}

/// Characters of a wrong answer that are kept.
const KEPT_MAX: usize = 2000;

/// Surname and given names of the answers, as the passport has them.
pub(crate) fn full_name(values: &Values) -> String {
    let part = |key: &str| values.get(key).map_or("", String::as_str);
    format!("{} {}", part("surname"), part("given_names")).trim().to_owned()
}

/// A text that may be left out of files.
pub(crate) fn is_blank(text: &Localized) -> bool {
    [&text.en, &text.ru, &text.kk].iter().all(|text| text.is_empty())
}

#[cfg(test)]
mod tests;
