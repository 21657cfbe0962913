//! A text in the portal's three languages.

use serde::{Deserialize, Serialize};

use crate::Locale;

/// A text in English, Russian and Kazakh, as configuration and catalogue files hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
    /// Kazakh.
    pub kk: String,
}

impl Localized {
    /// The text in one language.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Ru => &self.ru,
            Locale::Kk => &self.kk,
        }
    }

    /// True when a language is missing.
    pub fn is_incomplete(&self) -> bool {
        [&self.en, &self.ru, &self.kk].iter().any(|text| text.trim().is_empty())
    }
}
