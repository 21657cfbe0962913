//! Bank identifier codes (DOMAIN section 4.4).

use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// A BIC of 8 or 11 characters, upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bic(String);

text_type!(plain Bic, BicError);

impl Bic {
    /// Parses in any case.
    pub fn parse(text: &str) -> Result<Self, BicError> {
        let bic = text.trim().to_ascii_uppercase();
        let shape = matches!(bic.len(), 8 | 11)
            && bic.chars().take(6).all(|c| c.is_ascii_uppercase())
            && bic.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if shape { Ok(Self(bic)) } else { Err(BicError) }
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("BIC must be 8 or 11 letters and digits")]
pub struct BicError;

impl ErrorCode for BicError {
    fn code(&self) -> Code {
        codes::BIC_MALFORMED
    }
}
