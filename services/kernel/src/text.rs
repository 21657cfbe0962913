//! Bounded texts that people write, and the folded key under which names are searched.

use std::collections::BTreeMap;
use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::codes;
use crate::refusal::{Code, ErrorCode};

/// The key under which a name is sorted and searched: compatibility forms and case folded, marks
/// dropped, blanks collapsed. Letters with meaning of their own stay: й, and all Kazakh letters.
pub fn name_key(name: &str) -> String {
    let lowered: String = name.nfkc().collect::<String>().to_lowercase();
    let mut folded = String::with_capacity(lowered.len());
    for c in lowered.nfkc() {
        if c == 'й' {
            folded.push(c);
        } else {
            folded.extend(std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)));
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $multiline:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name<const MAX: usize>(String);

        impl<const MAX: usize> $name<MAX> {
            /// Parses a text that may not be empty.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                bounded(text, MAX, $multiline).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<const MAX: usize> fmt::Display for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<const MAX: usize> fmt::Debug for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} characters)"), self.0.chars().count())
            }
        }

        impl<const MAX: usize> std::str::FromStr for $name<MAX> {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl<const MAX: usize> TryFrom<&str> for $name<MAX> {
            type Error = TextError;
            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::parse(text)
            }
        }

        impl<const MAX: usize> From<$name<MAX>> for String {
            fn from(text: $name<MAX>) -> String {
                text.0
            }
        }
    };
}

bounded_text! {
    /// A text of several lines and at most `MAX` characters: trimmed, NFC, no control characters.
    FreeText, true
}

bounded_text! {
    /// A text of one line and at most `MAX` characters: trimmed, NFC, no control characters.
    LineText, false
}

fn bounded(text: &str, max: usize, multiline: bool) -> Result<String, TextError> {
    let unified = text.replace("\r\n", "\n").replace('\t', " ");
    let text: String = unified.trim().nfc().collect();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    let forbidden = |c: char| {
        (c.is_control() && !(multiline && c == '\n'))
            // Direction overrides make a text read as another one.
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if text.chars().any(forbidden) { Err(TextError::Characters) } else { Ok(text) }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("a text is needed")]
    Empty,
    /// Longer than allowed.
    #[error("a text has at most {max} characters")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// Control characters.
    #[error("a text has characters that are not allowed")]
    Characters,
}

impl ErrorCode for TextError {
    fn code(&self) -> Code {
        match self {
            Self::Empty => codes::TEXT_EMPTY,
            Self::TooLong { .. } => codes::TEXT_TOO_LONG,
            Self::Characters => codes::TEXT_CHARACTERS,
        }
    }

    fn params(&self) -> BTreeMap<&'static str, String> {
        match self {
            Self::TooLong { max } => BTreeMap::from([("max", max.to_string())]),
            Self::Empty | Self::Characters => BTreeMap::new(),
        }
    }
}
