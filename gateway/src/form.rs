//! A form as a page shows it: the values (what was typed, or what is known), what is wrong with each, the token, and a fresh
//! idempotency key for each rendering.
#![expect(clippy::unused_self, reason = "templates reach only methods")]

mod labels;

use std::collections::HashMap;

use crate::fields::Fields;
use crate::problem::Problem;
use crate::text::Texts;
use crate::visit::Visit;

#[derive(Clone)]
pub struct Form {
    fields: Fields,
    problem: Option<Problem>,
    /// What somebody else has saved since the page was opened.
    meanwhile: Option<Fields>,
    /// Labels of controls that this page alone has.
    labels: HashMap<String, String>,
    texts: Texts,
    pub csrf: String,
    /// Sent on as the command's idempotency key.
    pub key: String,
    /// Tells, sealed, whose page it is: what is typed here can come back to its owner.
    pub owner: String,
}

/// One line of the error summary.
pub struct Fault {
    /// Id of the control, without `#`; empty when it belongs to the form as a whole.
    pub anchor: String,
    pub text: String,
}

impl Form {
    /// A form with what is known already.
    pub fn new(visit: &Visit, fields: Fields) -> Self {
        Self {
            fields,
            problem: None,
            meanwhile: None,
            labels: HashMap::new(),
            texts: visit.texts.clone(),
            csrf: visit.csrf.clone(),
            key: visit.app.sources.uuid().to_string(),
            owner: visit.sealed_account(),
        }
    }

    /// The same form after a refusal: what was typed stays.
    pub fn refused(visit: &Visit, fields: Fields, problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::new(visit, fields) }
    }

    /// The same form after a save that met a newer version: the summary tells what was saved where the typed differs.
    pub fn beside(self, stored: Fields) -> Self {
        let met = self.problem.as_ref().is_some_and(|problem| problem.status == http::StatusCode::CONFLICT);
        Self { meanwhile: met.then_some(stored), ..self }
    }

    /// Tells what a control of this page is called, for the error summary.
    pub fn label(&mut self, name: &str, label: &str) {
        self.labels.insert(name.to_owned(), label.to_owned());
    }

    /// What the control of a service's field path is called.
    fn label_of(&self, path: &str) -> Option<String> {
        let last = path.rsplit('.').next().unwrap_or(path);
        let known = || labels::key(last).map(|key| self.texts.get(key));
        self.labels.get(last).cloned().or_else(known)
    }

    pub fn value(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// What stands beside the label of a field that may stay empty.
    pub fn optional_mark(&self) -> String {
        self.texts.get("optional")
    }

    /// Whether `name` holds `value`.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.fields.get(name) == value
    }

    /// Whether one of the values of `name` is `value`.
    pub fn ticked(&self, name: &str, value: &str) -> bool {
        self.fields.all(name).iter().any(|found| found == value)
    }

    /// What is wrong with a control.
    pub fn error(&self, name: &str) -> Option<String> {
        let problem = self.problem.as_ref()?;
        let violation = problem.violations.iter().find(|violation| self.control(&violation.field) == anchor(name))?;
        Some(violation.text(&self.texts))
    }

    /// The id of the control that a service's field path stands for: the path itself, or its last part.
    fn control(&self, path: &str) -> String {
        let last = path.rsplit('.').next().unwrap_or(path);
        if self.fields.has(path) { anchor(path) } else { anchor(last) }
    }

    /// The id of a control.
    pub fn anchor(&self, name: &str) -> String {
        anchor(name)
    }

    /// A choice made beforehand, unless one was typed.
    pub fn preset(&mut self, name: &str, value: &str) {
        if !self.fields.has(name) {
            self.fields.set(name, value);
        }
    }

    pub fn failed(&self) -> bool {
        self.problem.is_some()
    }

    /// The error summary: each fault with the control it stands at, or the refusal as a whole.
    pub fn faults(&self) -> Vec<Fault> {
        let Some(problem) = &self.problem else {
            return Vec::new();
        };
        if problem.violations.is_empty() {
            let whole = Fault { anchor: String::new(), text: problem.text(&self.texts) };
            return std::iter::once(whole).chain(self.differing()).collect();
        }
        problem
            .violations
            .iter()
            .map(|violation| {
                let text = violation.text(&self.texts);
                match row(&violation.field) {
                    Some(row) => Fault {
                        anchor: "rows".to_owned(),
                        text: format!("{}: {text}", self.texts.with("row", &[("number", &row)])),
                    },
                    None => Fault {
                        anchor: self.control(&violation.field),
                        text: self.label_of(&violation.field).map_or(text.clone(), |label| format!("{label}: {text}")),
                    },
                }
            })
            .collect()
    }

    /// Each control in which somebody else has saved another value.
    fn differing(&self) -> Vec<Fault> {
        let Some(stored) = &self.meanwhile else {
            return Vec::new();
        };
        let differs = |name: &&str| self.fields.has(name) && self.fields.get(name) != stored.get(name);
        let told = |name: &str| {
            let (label, value) = (self.label_of(name)?, stored.get(name));
            let key = if value.is_empty() { "emptied-meanwhile" } else { "saved-meanwhile" };
            let text = self.texts.with(key, &[("label", &label), ("value", value)]);
            Some(Fault { anchor: self.control(name), text })
        };
        let mut names: Vec<&str> = self.fields.pairs().map(|(name, _)| name).filter(differs).collect();
        names.dedup();
        names.into_iter().filter_map(told).collect()
    }
}

/// The row of an import that a fault stands in, counted from 1.
fn row(field: &str) -> Option<String> {
    let index: usize = field.strip_prefix("rows[")?.split(']').next()?.parse().ok()?;
    Some(index.saturating_add(1).to_string())
}

/// The id of the control of a field: `lines[0].quantity` as `lines-0-quantity`.
pub fn anchor(field: &str) -> String {
    field
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_plain_ids() {
        assert_eq!(anchor("lines[0].quantity"), "lines-0-quantity");
        assert_eq!(anchor("email"), "email");
        assert_eq!(anchor("contact.given_name"), "contact-given_name");
    }
}
