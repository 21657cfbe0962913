//! Countries of ISO 3166-1 by their alpha-2 code.

mod table;

use std::fmt;

use crate::codes;
use crate::locale::Locale;
use crate::refusal::{Code, ErrorCode};

/// A country of the ISO list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(&'static table::Row);

impl Country {
    /// Parses an alpha-2 code in any case.
    pub fn parse(text: &str) -> Result<Self, CountryError> {
        let code = text.trim().to_ascii_uppercase();
        table::COUNTRIES
            .binary_search_by(|row| row.0.cmp(code.as_str()))
            .ok()
            .and_then(|index| table::COUNTRIES.get(index))
            .map(Self)
            .ok_or(CountryError)
    }

    /// The alpha-2 code.
    pub fn code(&self) -> &'static str {
        self.0.0
    }

    /// The alpha-2 code.
    pub fn as_str(&self) -> &'static str {
        self.0.0
    }

    /// The name in a language.
    pub fn name(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::En => self.0.1,
            Locale::Ru => self.0.2,
            Locale::Kk => self.0.3,
        }
    }

    /// Whether it is Kazakhstan.
    pub fn is_kazakhstan(&self) -> bool {
        self.code() == "KZ"
    }

    /// All countries, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        table::COUNTRIES.iter().map(Self)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({})", self.code())
    }
}

impl std::str::FromStr for Country {
    type Err = CountryError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for Country {
    type Error = CountryError;
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

impl serde::Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such country code")]
pub struct CountryError;

impl ErrorCode for CountryError {
    fn code(&self) -> Code {
        codes::COUNTRY_UNKNOWN
    }
}
