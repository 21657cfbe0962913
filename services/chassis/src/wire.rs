//! Conversions between the kernel's words and the common messages of the published language.

use kernel::{Currency, Localized, Money};
use proto::common::v1 as common;

use crate::{consent::ConsentText, error::Error};

/// A text in three languages, as a message.
pub fn localized(text: &Localized) -> common::LocalizedText {
    common::LocalizedText { en: text.en.clone(), ru: text.ru.clone(), kk: text.kk.clone() }
}

/// A text to consent to, as a message.
pub fn consent_text(consent: &ConsentText) -> common::ConsentText {
    common::ConsentText { version: consent.version, text: Some(localized(&consent.text)) }
}

pub fn money(money: Money) -> common::Money {
    common::Money { amount_minor: money.minor(), currency: money.currency().code().to_owned() }
}

/// A sum that must be there, and in the currency that the portal bills in: rows keep bare numbers.
pub fn parse_money(message: Option<&common::Money>) -> Result<Money, Error> {
    let message = message.ok_or_else(|| Error::Malformed("a sum is missing".to_owned()))?;
    if message.currency != Currency::home().code() {
        return Err(Error::Malformed("unknown currency".to_owned()));
    }
    Ok(Money::home(message.amount_minor))
}
