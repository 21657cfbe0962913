//! One question of a form.

use jiff::civil::Date;
use kernel::{
    Bin, Code, Country, Email, ErrorCode, FreeText, Iin, LatinName, LineText, Localized, PassportNumber, Phone,
    Violation,
};
use serde::{Deserialize, Serialize};

use super::{Condition, Values, is_blank};
use crate::domain::codes;

/// Word for the present day in the bounds of a date.
pub(super) const TODAY: &str = "today";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub key: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    pub label: Localized,
    #[serde(default, skip_serializing_if = "is_blank")]
    pub help: Localized,
    /// Heading of the questions that begin here.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub section: Localized,
    /// Asked only where it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Characters at most, for texts; 0: as many as the kind takes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub length_max: usize,
    /// Bounds of a number, both within.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// A date is not before that field's, or `today`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub not_before: String,
    /// A date is not after that field's, or `today`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub not_after: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub value: String,
    pub label: Localized,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    Note,
    LatinName,
    Date,
    Number,
    Country,
    Choice,
    Passport,
    Email,
    Phone,
    Iin,
    Bin,
}

/// Characters that a line and a note take.
const LINE_MAX: usize = 200;
const NOTE_MAX: usize = 2000;

impl FieldKind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Note => "note",
            Self::LatinName => "latin_name",
            Self::Date => "date",
            Self::Number => "number",
            Self::Country => "country",
            Self::Choice => "choice",
            Self::Passport => "passport",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Iin => "iin",
            Self::Bin => "bin",
        }
    }
}

impl Field {
    /// Characters at most.
    pub(crate) fn length(&self) -> usize {
        let own = if self.kind == FieldKind::Note { NOTE_MAX } else { LINE_MAX };
        if self.length_max == 0 { own } else { self.length_max.min(own) }
    }

    /// An answer in canonical form, or what is wrong with it.
    pub(super) fn read(&self, answer: &str) -> Result<String, Box<Violation>> {
        fn told<T: ToString, E: ErrorCode>(parsed: Result<T, E>) -> Result<String, Code> {
            parsed.map(|value| value.to_string()).map_err(|error| error.code())
        }
        fn text<T: Into<String>, E: ErrorCode>(parsed: Result<T, E>) -> Result<String, Code> {
            parsed.map(Into::into).map_err(|error| error.code())
        }
        let fault = |code: Code| Box::new(Violation::new(&self.key, code));
        let value = match self.kind {
            FieldKind::Text => text(LineText::<LINE_MAX>::parse(answer)),
            FieldKind::Note => text(FreeText::<NOTE_MAX>::parse(answer)),
            FieldKind::LatinName => told(LatinName::parse(answer)),
            FieldKind::Date => told(kernel::time::parse_date(answer)),
            FieldKind::Number => return self.number(answer),
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
            FieldKind::Bin => told(Bin::parse(answer)),
        }
        .map_err(fault)?;
        if value.chars().count() > self.length() {
            let too_long = Violation::new(&self.key, codes::ANSWER_TOO_LONG).with("max", self.length().to_string());
            return Err(Box::new(too_long));
        }
        Ok(value)
    }

    fn number(&self, answer: &str) -> Result<String, Box<Violation>> {
        let (min, max) = (self.min.unwrap_or(0), self.max.unwrap_or(NUMBER_MAX));
        let within = answer.parse::<i64>().ok().filter(|number| (min..=max).contains(number));
        within.map(|number| number.to_string()).ok_or_else(|| {
            let fault = Violation::new(&self.key, codes::NUMBER_OUT_OF_RANGE);
            Box::new(fault.with("min", min.to_string()).with("max", max.to_string()))
        })
    }

    /// A date outside its bounds, as far as the dates that bound it are known.
    pub(super) fn date_fault(&self, values: &Values, today: Date) -> Option<Violation> {
        let date = |key: &str| {
            if key == TODAY {
                return Some(today);
            }
            values.get(key).and_then(|text| kernel::time::parse_date(text).ok())
        };
        let own = date(&self.key)?;
        if date(&self.not_before).is_some_and(|bound| own < bound) {
            let code = if self.not_before == TODAY { codes::DATE_PAST } else { codes::DATE_ORDER };
            return Some(Violation::new(&self.key, code));
        }
        if date(&self.not_after).is_some_and(|bound| own > bound) {
            let code = if self.not_after == TODAY { codes::DATE_AHEAD } else { codes::DATE_ORDER };
            return Some(Violation::new(&self.key, code));
        }
        None
    }

    pub(super) fn bounds(&self) -> impl Iterator<Item = &str> {
        [self.not_before.as_str(), self.not_after.as_str()].into_iter().filter(|bound| !bound.is_empty())
    }

    /// Whether an answer can ever be this.
    pub(super) fn may_be(&self, value: &str) -> bool {
        match self.kind {
            FieldKind::Choice => self.choices.iter().any(|choice| choice.value == value),
            FieldKind::Country => Country::parse(value).is_ok_and(|country| country.code() == value),
            FieldKind::Text
            | FieldKind::Note
            | FieldKind::LatinName
            | FieldKind::Date
            | FieldKind::Number
            | FieldKind::Passport
            | FieldKind::Email
            | FieldKind::Phone
            | FieldKind::Iin
            | FieldKind::Bin => true,
        }
    }

    /// Sentences on what is wrong with the question itself.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let key_reads = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.key.is_empty() || self.key.len() > 40 || !self.key.chars().all(key_reads) {
            faults.push("a key has up to 40 small letters, digits and underscores".to_owned());
        }
        if self.label.is_incomplete() {
            faults.push("its label lacks a language".to_owned());
        }
        for (name, text) in [("help", &self.help), ("section", &self.section)] {
            if !is_blank(text) && text.is_incomplete() {
                faults.push(format!("its {name} lacks a language"));
            }
        }
        let is_choice = self.kind == FieldKind::Choice;
        if is_choice && self.choices.is_empty() {
            faults.push("a choice without choices".to_owned());
        }
        if !is_choice && !self.choices.is_empty() {
            faults.push("only a choice has choices".to_owned());
        }
        for (index, choice) in self.choices.iter().enumerate() {
            if choice.label.is_incomplete() || choice.value.is_empty() {
                faults.push(format!("choice {}: a value or a language is missing", choice.value));
            }
            if self.choices.iter().take(index).any(|other| other.value == choice.value) {
                faults.push(format!("choice {} stands twice", choice.value));
            }
        }
        if self.kind != FieldKind::Date && self.bounds().next().is_some() {
            faults.push("only a date has not_before and not_after".to_owned());
        }
        if self.kind != FieldKind::Number && (self.min.is_some() || self.max.is_some()) {
            faults.push("only a number has min and max".to_owned());
        }
        if self.min.unwrap_or(0) > self.max.unwrap_or(NUMBER_MAX) {
            faults.push("its min is above its max".to_owned());
        }
        faults
    }
}

/// A number without a bound of its own stays below this.
const NUMBER_MAX: i64 = 1_000_000_000;
