//! Kazakh bank account numbers, IBAN (DOMAIN section 4.4; ISO 7064 mod 97).

use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// A Kazakh IBAN: `KZ`, two check digits, three digits of the bank, thirteen letters or digits.
///
/// Stored without blanks, upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iban(String);

text_type!(plain Iban, IbanError);

impl Iban {
    /// Parses with or without blanks, in any case.
    pub fn parse(text: &str) -> Result<Self, IbanError> {
        let iban: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let rest = iban.strip_prefix("KZ").ok_or(IbanError::Malformed)?;
        let shape = rest.len() == 18
            && rest.chars().take(5).all(|c| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
        if !shape {
            return Err(IbanError::Malformed);
        }
        if remainder(&iban) == Some(1) { Ok(Self(iban)) } else { Err(IbanError::Check) }
    }

    /// Printed in groups of four.
    pub fn grouped(&self) -> String {
        let mut out = String::with_capacity(25);
        for (index, c) in self.0.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                out.push(' ');
            }
            out.push(c);
        }
        out
    }

    /// The three digits of the bank.
    pub fn bank_code(&self) -> &str {
        self.0.get(4..7).unwrap_or_default()
    }
}

/// The number's remainder by 97, the first four characters moved to the end and letters as 10..35.
fn remainder(iban: &str) -> Option<u32> {
    let moved = iban.chars().skip(4).chain(iban.chars().take(4));
    moved.map(|c| c.to_digit(36)).try_fold(0_u32, |sum, value| {
        let value = value?;
        let shifted = if value > 9 { sum * 100 } else { sum * 10 };
        Some((shifted + value) % 97)
    })
}

/// Why a text is no Kazakh IBAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IbanError {
    /// Not in the form of a Kazakh account number.
    #[error("IBAN must be KZ, two digits, three digits and 13 letters or digits")]
    Malformed,
    /// The check digits do not fit.
    #[error("IBAN check digits are wrong")]
    Check,
}

impl ErrorCode for IbanError {
    fn code(&self) -> Code {
        match self {
            Self::Malformed => codes::IBAN_MALFORMED,
            Self::Check => codes::IBAN_CHECK,
        }
    }
}
