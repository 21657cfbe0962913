//! Business identification number (DOMAIN section 2).

use crate::check_digit::{Fault, twelve_digits};
use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// A business identification number of a legal entity, branch or joint entrepreneur.
///
/// Kept as twelve digits; blanks are dropped. Public, so not masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bin(String);

text_type!(plain Bin, BinError);

impl Bin {
    /// Parses twelve digits with a right check digit.
    pub fn parse(text: &str) -> Result<Self, BinError> {
        twelve_digits(text).map(Self).map_err(|fault| match fault {
            Fault::Malformed => BinError::Malformed,
            Fault::CheckDigit => BinError::CheckDigit,
        })
    }
}

/// Why a text is no BIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BinError {
    /// Not twelve digits, or all zero.
    #[error("BIN must be 12 digits")]
    Malformed,
    /// The last digit does not follow from the others.
    #[error("BIN check digit is wrong")]
    CheckDigit,
}

impl ErrorCode for BinError {
    fn code(&self) -> Code {
        match self {
            Self::Malformed => codes::BIN_MALFORMED,
            Self::CheckDigit => codes::BIN_CHECK_DIGIT,
        }
    }
}
