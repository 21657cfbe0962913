//! Individual identification number (DOMAIN section 2).

use crate::check_digit::{Fault, twelve_digits};
use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// An individual identification number.
///
/// Kept as twelve digits; blanks are dropped. Never compared with birth date or sex: they need not match.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iin(String);

text_type!(masked Iin, IinError);

impl Iin {
    /// Parses twelve digits with a right check digit.
    pub fn parse(text: &str) -> Result<Self, IinError> {
        twelve_digits(text).map(Self).map_err(|fault| match fault {
            Fault::Malformed => IinError::Malformed,
            Fault::CheckDigit => IinError::CheckDigit,
        })
    }
}

/// Why a text is no IIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IinError {
    /// Not twelve digits, or all zero.
    #[error("IIN must be 12 digits")]
    Malformed,
    /// The last digit does not follow from the others.
    #[error("IIN check digit is wrong")]
    CheckDigit,
}

impl ErrorCode for IinError {
    fn code(&self) -> Code {
        match self {
            Self::Malformed => codes::IIN_MALFORMED,
            Self::CheckDigit => codes::IIN_CHECK_DIGIT,
        }
    }
}
