//! The portal's three languages.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::refusal::{Code, ErrorCode};

/// A language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
    /// Kazakh.
    Kk,
}

impl Locale {
    /// All languages, the default first.
    pub const ALL: [Self; 3] = [Self::En, Self::Ru, Self::Kk];

    /// Parses `en`, `ru`, `kk`, also with a region (`ru-KZ`).
    pub fn parse(text: &str) -> Result<Self, LocaleError> {
        let text = text.trim().to_ascii_lowercase();
        match text.split(['-', '_']).next() {
            Some("en") => Ok(Self::En),
            Some("ru") => Ok(Self::Ru),
            Some("kk") => Ok(Self::Kk),
            _ => Err(LocaleError),
        }
    }

    /// The two-letter tag.
    pub fn code(&self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Kk => "kk",
        }
    }

    /// The two-letter tag.
    pub fn as_str(&self) -> &'static str {
        self.code()
    }

    /// What the bank calls it (DOMAIN section 1.3).
    pub fn bank_code(&self) -> &'static str {
        match self {
            Self::En => "eng",
            Self::Ru => "rus",
            Self::Kk => "kaz",
        }
    }

    /// Its own name.
    pub fn endonym(&self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
            Self::Kk => "Қазақша",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Locale {
    type Err = LocaleError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such language")]
pub struct LocaleError;

impl ErrorCode for LocaleError {
    fn code(&self) -> Code {
        codes::LOCALE_UNKNOWN
    }
}
