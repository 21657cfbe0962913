//! A person's form: what is asked, and what an answer must be. Canonical answers come out, or a fault at each field.

use std::collections::BTreeMap;

use kernel::{
    Code, Country, Email, ErrorCode, FreeText, Iin, LatinName, LineText, Localized, PassportNumber, Phone, Violation,
};
use serde::Deserialize;

use super::codes;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub code: String,
    pub version: i32,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub key: String,
    pub kind: FieldKind,
    pub required: bool,
    pub label: Localized,
    #[serde(default)]
    pub help: Localized,
    #[serde(default)]
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldKind {
    Text,
    LatinName,
    Date,
    Country,
    Choice,
    Passport,
    Email,
    Phone,
    Iin,
    Note,
}

impl FieldKind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LatinName => "latin_name",
            Self::Date => "date",
            Self::Country => "country",
            Self::Choice => "choice",
            Self::Passport => "passport",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Iin => "iin",
            Self::Note => "note",
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub value: String,
    pub label: Localized,
}

/// Answers by field key.
pub(crate) type Values = BTreeMap<String, String>;

impl Form {
    /// Answers in canonical form, and what is wrong or missing. Answers to questions the form does not ask are
    /// dropped.
    pub(crate) fn read(&self, answers: &Values) -> (Values, Vec<Violation>) {
        let mut values = Values::new();
        let mut faults = Vec::new();
        for field in &self.fields {
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
                Err(code) => {
                    // What was entered is kept, so that it can be corrected rather than typed again.
                    values.insert(field.key.clone(), answer.chars().take(500).collect());
                    faults.push(Violation::new(&field.key, code));
                }
            }
        }
        faults.extend(order_faults(&values));
        (values, faults)
    }
}

impl Field {
    fn read(&self, answer: &str) -> Result<String, Code> {
        fn told<T: Into<String>, E: ErrorCode>(parsed: Result<T, E>) -> Result<String, Code> {
            parsed.map(Into::into).map_err(|error| error.code())
        }
        match self.kind {
            FieldKind::Text => told(LineText::<200>::parse(answer)),
            FieldKind::Note => told(FreeText::<2000>::parse(answer)),
            FieldKind::LatinName => LatinName::parse(answer).map(|name| name.to_string()).map_err(|error| error.code()),
            FieldKind::Date => {
                kernel::time::parse_date(answer).map(|date| date.to_string()).map_err(|error| error.code())
            }
            FieldKind::Country => {
                Country::parse(answer).map(|country| country.code().to_owned()).map_err(|error| error.code())
            }
            FieldKind::Choice => {
                let known = self.choices.iter().any(|choice| choice.value == answer);
                if known { Ok(answer.to_owned()) } else { Err(codes::CHOICE_UNKNOWN) }
            }
            FieldKind::Passport => {
                PassportNumber::parse(answer).map(|number| number.as_str().to_owned()).map_err(|error| error.code())
            }
            FieldKind::Email => {
                Email::parse(answer).map(|email| email.as_str().to_owned()).map_err(|error| error.code())
            }
            FieldKind::Phone => {
                Phone::parse(answer).map(|phone| phone.as_str().to_owned()).map_err(|error| error.code())
            }
            FieldKind::Iin => Iin::parse(answer).map(|iin| iin.as_str().to_owned()).map_err(|error| error.code()),
        }
    }
}

/// Pairs of dates of which the second may not be before the first.
const ORDERED: [(&str, &str); 3] =
    [("passport_issued_on", "passport_expires_on"), ("stay_from", "stay_to"), ("contract_from", "contract_to")];

fn order_faults(values: &Values) -> Vec<Violation> {
    let date = |key: &str| values.get(key).and_then(|text| kernel::time::parse_date(text).ok());
    ORDERED
        .into_iter()
        .filter(|(first, second)| date(first).zip(date(second)).is_some_and(|(first, second)| second < first))
        .map(|(_, second)| Violation::new(second, codes::DATE_ORDER))
        .collect()
}

/// Surname and given names of the answers, as the passport has them.
pub(crate) fn full_name(values: &Values) -> String {
    let part = |key: &str| values.get(key).map_or("", String::as_str);
    format!("{} {}", part("surname"), part("given_names")).trim().to_owned()
}
