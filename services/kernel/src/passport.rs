//! Passport and identity document numbers (DOMAIN section 4.5).

use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// A passport number: 4 to 20 Latin letters and digits, upper case, no blanks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PassportNumber(String);

text_type!(masked PassportNumber, PassportError);

impl PassportNumber {
    /// Parses in any case, with or without blanks.
    pub fn parse(text: &str) -> Result<Self, PassportError> {
        let number: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let shape =
            (4..=20).contains(&number.len()) && number.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if shape { Ok(Self(number)) } else { Err(PassportError) }
    }

    /// The last four characters, for lists where the whole is not needed.
    pub fn tail(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default()
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a passport number has 4 to 20 Latin letters and digits")]
pub struct PassportError;

impl ErrorCode for PassportError {
    fn code(&self) -> Code {
        codes::PASSPORT_MALFORMED
    }
}
