//! Phone numbers in E.164 (DOMAIN section 4.5).

use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// A phone number: `+` and 8 to 15 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

text_type!(masked Phone, PhoneError);

impl Phone {
    /// Parses with the usual separators. Kazakh numbers may start with 8 or 7; others need `+` or 00.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        let (text, plus) = match text.strip_prefix('+') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let mut digits = String::with_capacity(16);
        for c in text.chars() {
            match c {
                '0'..='9' => digits.push(c),
                ' ' | '\u{a0}' | '-' | '(' | ')' | '.' | '\u{2013}' => {}
                _ => return Err(PhoneError),
            }
        }
        let national = if plus {
            digits
        } else if let Some(rest) = digits.strip_prefix("00") {
            rest.to_owned()
        } else if digits.len() == 11 && digits.starts_with('7') {
            digits
        } else if let (11, Some(rest)) = (digits.len(), digits.strip_prefix('8')) {
            format!("7{rest}")
        } else {
            return Err(PhoneError);
        };
        let shape = (8..=15).contains(&national.len())
            && !national.starts_with('0')
            && (!national.starts_with('7') || national.len() == 11);
        if shape { Ok(Self(format!("+{national}"))) } else { Err(PhoneError) }
    }

    /// Whether it is a Kazakh number (+7 6.. or +7 7..).
    pub fn is_kazakh(&self) -> bool {
        self.0.starts_with("+76") || self.0.starts_with("+77")
    }

    /// The digits without `+`, as the bank wants them.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a phone number has a country code and 8 to 15 digits")]
pub struct PhoneError;

impl ErrorCode for PhoneError {
    fn code(&self) -> Code {
        codes::PHONE_MALFORMED
    }
}
