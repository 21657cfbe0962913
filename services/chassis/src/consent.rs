//! A text that people consent to, with its version: built in, or from a file of the operator's. Which consents were given
//! is the services' own to keep.

use anyhow::{Context as _, ensure};
use kernel::Localized;
use serde::Deserialize;

/// The text that counts now.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    /// Grows with every change of the text.
    pub version: u32,
    pub text: Localized,
}

impl ConsentText {
    /// Reads the operator's file, or what is built in where none is named.
    pub fn load(built_in: &str, file: &str) -> anyhow::Result<Self> {
        let read = if file.is_empty() {
            built_in.to_owned()
        } else {
            std::fs::read_to_string(file).with_context(|| format!("reading the consent text {file}"))?
        };
        let named = if file.is_empty() { "the built-in consent text" } else { file };
        let consent: Self = toml::from_str(&read).with_context(|| format!("{named} is not understood"))?;
        ensure!(consent.version > 0, "{named}: its version must be 1 or more");
        ensure!(!consent.text.is_incomplete(), "{named}: a language is missing");
        Ok(consent)
    }
}
