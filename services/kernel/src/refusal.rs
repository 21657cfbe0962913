//! What the domain answers when it says no: a stable code, the fields at fault, no personal values.

use std::collections::BTreeMap;
use std::fmt;

use crate::codes;

/// A stable SCREAMING code; part of the contract, translated for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// A code; only constants are made with it.
    pub const fn new(code: &'static str) -> Self {
        Self(code)
    }

    /// The code as text.
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Errors that a user can act on know their code.
pub trait ErrorCode {
    /// The stable code.
    fn code(&self) -> Code;

    /// Values for the text of the code (a limit, a count); never personal ones.
    fn params(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::new()
    }
}

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field in the input, as the form names it (`persons[0].passport_number`).
    pub field: String,
    /// What is wrong with it.
    pub code: Code,
    /// Values for the text of the code.
    pub params: BTreeMap<&'static str, String>,
}

impl Violation {
    /// A violation without parameters.
    pub fn new(field: impl Into<String>, code: Code) -> Self {
        Self { field: field.into(), code, params: BTreeMap::new() }
    }

    /// Adds a value for the text.
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.params.insert(key, value.into());
        self
    }
}

/// The domain's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why as a whole.
    pub code: Code,
    /// Values for the text of the code.
    pub params: BTreeMap<&'static str, String>,
    /// Fields at fault, in the order of the form; may be empty.
    pub violations: Vec<Violation>,
}

impl Refusal {
    /// A refusal of the whole command.
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new(), violations: Vec::new() }
    }

    /// Adds a value for the text.
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.params.insert(key, value.into());
        self
    }

    /// A refusal of the input because of one field.
    pub fn at(field: impl Into<String>, code: Code) -> Self {
        Self::invalid(vec![Violation::new(field, code)])
    }

    /// A refusal of the input because of these fields.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        Self { code: codes::INPUT_INVALID, params: BTreeMap::new(), violations }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        for violation in &self.violations {
            write!(f, " {}={}", violation.field, violation.code)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl<E: ErrorCode> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self { code: error.code(), params: error.params(), violations: Vec::new() }
    }
}

/// Gathers all faults of an input before refusing it once.
#[derive(Debug, Clone, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// None so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the value, or notes the fault at `field`.
    pub fn check<T, E: ErrorCode>(&mut self, field: impl Into<String>, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.push(Violation { field: field.into(), code: error.code(), params: error.params() });
                None
            }
        }
    }

    /// Parses a field that may be left empty: `None` when blank or faulty.
    pub fn check_optional<T, E: ErrorCode>(
        &mut self,
        field: impl Into<String>,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if text.trim().is_empty() { None } else { self.check(field, parse(text)) }
    }

    /// Notes a fault.
    pub fn add(&mut self, field: impl Into<String>, code: Code) {
        self.0.push(Violation::new(field, code));
    }

    /// Notes a fault with parameters.
    pub fn push(&mut self, violation: Violation) {
        self.0.push(violation);
    }

    /// No fault so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value`, unless a fault was noted.
    pub fn into_result<T>(self, value: T) -> Result<T, Refusal> {
        if self.0.is_empty() { Ok(value) } else { Err(Refusal::invalid(self.0)) }
    }

    /// The refusal of what was noted (also when a value is missing for a reason not noted).
    pub fn into_refusal(self) -> Refusal {
        Refusal::invalid(self.0)
    }
}
