//! The bank's JSON read loosely: numbers or strings, this spelling or that. Numbers keep the text they came in.

use std::collections::HashMap;

use kernel::{Currency, Money};
use serde_json::value::RawValue;

/// An object whose keys are compared without regard to case and underscores.
pub(crate) struct Loose<'a>(HashMap<String, &'a RawValue>);

impl<'a> Loose<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let fields: HashMap<String, &'a RawValue> = serde_json::from_str(text).ok()?;
        Some(Self(fields.into_iter().map(|(name, value)| (folded(&name), value)).collect()))
    }

    /// A text or a number as text; none where the field is absent or null.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let raw = self.0.get(&folded(name))?.get();
        match raw.chars().next()? {
            '"' => serde_json::from_str(raw).ok(),
            'n' | '{' | '[' => None,
            _ => Some(raw.to_owned()),
        }
    }

    pub(crate) fn object(&self, name: &str) -> Option<Loose<'a>> {
        Loose::parse(self.0.get(&folded(name))?.get())
    }

    /// A sum in tiyn.
    pub(crate) fn minor(&self, name: &str) -> Option<i64> {
        Money::parse_decimal(self.text(name)?.trim(), Currency::home()).ok().map(|money| money.minor())
    }
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}
