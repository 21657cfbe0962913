//! The small number by which people know an application.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::refusal::{Code, ErrorCode};

const NUMBER_MAX: i64 = 999_999_999;

/// An application's number, 1 to 999,999,999; the first given is 101.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct ApplicationNumber(i64);

impl ApplicationNumber {
    /// A number from what is stored.
    pub fn new(number: i64) -> Result<Self, ApplicationNumberError> {
        if (1..=NUMBER_MAX).contains(&number) { Ok(Self(number)) } else { Err(ApplicationNumberError) }
    }

    /// Parses digits without leading zeros.
    pub fn parse(text: &str) -> Result<Self, ApplicationNumberError> {
        let canonical = text.chars().all(|c| c.is_ascii_digit()) && !text.starts_with('0');
        let number = text.parse().map_err(|_| ApplicationNumberError)?;
        if canonical { Self::new(number) } else { Err(ApplicationNumberError) }
    }

    /// The number.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ApplicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::str::FromStr for ApplicationNumber {
    type Err = ApplicationNumberError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<i64> for ApplicationNumber {
    type Error = ApplicationNumberError;
    fn try_from(number: i64) -> Result<Self, Self::Error> {
        Self::new(number)
    }
}

impl From<ApplicationNumber> for i64 {
    fn from(number: ApplicationNumber) -> i64 {
        number.0
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an application number")]
pub struct ApplicationNumberError;

impl ErrorCode for ApplicationNumberError {
    fn code(&self) -> Code {
        codes::APPLICATION_NUMBER_MALFORMED
    }
}
