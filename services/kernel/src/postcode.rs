//! Postcodes: Kazakh ones by rule, foreign ones as free text (DOMAIN section 4.5).

use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// A postcode of 1 to 16 characters; upper case, blanks collapsed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode(String);

text_type!(plain Postcode, PostcodeError);

impl Postcode {
    /// Parses a postcode of any country.
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let code = text.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        let shape = (1..=16).contains(&code.chars().count())
            && code.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
        if shape { Ok(Self(code)) } else { Err(PostcodeError) }
    }

    /// Parses a Kazakh postcode, old (010000) or new (Z05T3D6).
    pub fn parse_kazakh(text: &str) -> Result<Self, PostcodeError> {
        let code = Self::parse(text)?;
        if code.is_kazakh() { Ok(code) } else { Err(PostcodeError) }
    }

    /// Whether it has one of the two Kazakh forms.
    pub fn is_kazakh(&self) -> bool {
        let old = self.0.len() == 6 && self.0.chars().all(|c| c.is_ascii_digit());
        let shape: String = self
            .0
            .chars()
            .map(|c| match c {
                'A'..='Z' => 'A',
                '0'..='9' => '9',
                _ => '?',
            })
            .collect();
        old || shape == "A99A9A9"
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a postcode has 1 to 16 letters and digits")]
pub struct PostcodeError;

impl ErrorCode for PostcodeError {
    fn code(&self) -> Code {
        codes::POSTCODE_MALFORMED
    }
}
