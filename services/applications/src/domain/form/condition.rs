//! When a question is asked or a paper needed: a condition on earlier answers of the same form.

use serde::{Deserialize, Serialize};

use super::Values;

/// Holds where the field is answered and every test that is given agrees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    /// Key of the field that decides.
    pub field: String,
    /// Its answer is one of these; empty: any answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<String>,
    /// Its answer is none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none_of: Vec<String>,
    /// Its answer is another than that field's, which is answered too.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub differs_from: String,
}

impl Condition {
    pub(crate) fn holds(&self, values: &Values) -> bool {
        let answer = |key: &str| values.get(key).filter(|answer| !answer.is_empty());
        let Some(given) = answer(&self.field) else { return false };
        let among = self.any_of.is_empty() || self.any_of.contains(given);
        let other = self.differs_from.is_empty() || answer(&self.differs_from).is_some_and(|other| other != given);
        among && other && !self.none_of.contains(given)
    }

    /// Keys of the fields that it looks at.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        [self.field.as_str(), self.differs_from.as_str()].into_iter().filter(|name| !name.is_empty())
    }

    /// The answers that it speaks of.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.any_of.iter().chain(&self.none_of).map(String::as_str)
    }
}
