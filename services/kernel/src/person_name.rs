//! One part of a person's name: any script for people, Latin as in the passport's machine-readable zone.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

const NAME_CHARACTERS_MAX: usize = 100;

/// A name part in any script: NFC, trimmed, blanks collapsed, 1 to 100 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

text_type!(masked PersonName, NameError);

impl PersonName {
    /// Parses a name part; letters, marks, blanks and the few signs names have.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        parse_name(text, |c| {
            c.is_alphabetic()
                || is_combining_mark(c)
                || matches!(
                    c,
                    ' ' | '-'
                        | '\''
                        | '.'
                        | ','
                        | '`'
                        | '/'
                        | '('
                        | ')'
                        | '\u{b7}'
                        | '\u{2bb}'
                        | '\u{2bc}'
                        | '\u{2018}'
                        | '\u{2019}'
                        | '\u{2010}'
                        | '\u{2011}'
                        | '\u{2013}'
                        | '\u{200c}'
                        | '\u{200d}'
                )
        })
        .map(Self)
    }
}

/// A name part in Latin letters, as the passport prints it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LatinName(String);

text_type!(masked LatinName, NameError);

impl LatinName {
    /// Parses a name part of ASCII letters, blanks, hyphens, apostrophes and dots.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        parse_name(text, |c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.')).map(Self)
    }
}

fn parse_name(text: &str, allowed: impl Fn(char) -> bool) -> Result<String, NameError> {
    if text.chars().any(char::is_control) {
        return Err(NameError::Characters);
    }
    let name: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(NameError::TooLong);
    }
    if name.chars().all(allowed) && name.chars().any(char::is_alphabetic) {
        Ok(name)
    } else {
        Err(NameError::Characters)
    }
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but blanks.
    #[error("a name is needed")]
    Empty,
    /// More than 100 characters.
    #[error("a name has at most {NAME_CHARACTERS_MAX} characters")]
    TooLong,
    /// Signs that names do not have, or letters that are not Latin where only those are.
    #[error("a name has characters that are not allowed")]
    Characters,
}

impl ErrorCode for NameError {
    fn code(&self) -> Code {
        match self {
            Self::Empty => codes::NAME_EMPTY,
            Self::TooLong => codes::NAME_TOO_LONG,
            Self::Characters => codes::NAME_CHARACTERS,
        }
    }
}
