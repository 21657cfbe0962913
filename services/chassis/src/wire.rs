//! Conversions between the kernel's words and the common messages of the published language.

use kernel::{Currency, Locale, Money};
use proto::common::v1 as common;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A text in the portal's three languages, as configuration and catalogue files hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    pub en: String,
    pub ru: String,
    pub kk: String,
}

impl Localized {
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

    pub fn to_wire(&self) -> common::LocalizedText {
        common::LocalizedText { en: self.en.clone(), ru: self.ru.clone(), kk: self.kk.clone() }
    }
}

pub fn money(money: Money) -> common::Money {
    common::Money { amount_minor: money.minor(), currency: money.currency().code().to_owned() }
}

/// A sum that must be there and in a currency we know.
pub fn parse_money(message: Option<&common::Money>) -> Result<Money, Error> {
    let message = message.ok_or_else(|| Error::Malformed("a sum is missing".to_owned()))?;
    let currency =
        Currency::parse(&message.currency).map_err(|_| Error::Malformed("unknown currency".to_owned()))?;
    Ok(Money::new(message.amount_minor, currency))
}
