//! The fields of a request, each as plain text, whether they came as a form or as JSON. Numbers keep
//! the digits they were written with.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Named texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads a JSON object.
    pub(crate) fn from_json(text: &str) -> Option<Self> {
        let raw: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
        let plain = |value: &RawValue| match serde_json::from_str::<String>(value.get()) {
            Ok(text) => text,
            Err(_) if value.get() == "null" => String::new(),
            Err(_) => value.get().to_owned(),
        };
        Some(Self(raw.into_iter().map(|(name, value)| (name, plain(value))).collect()))
    }

    /// Reads an urlencoded form or query.
    pub(crate) fn from_form(bytes: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// Adds a field.
    pub(crate) fn insert(&mut self, name: String, value: String) {
        self.0.insert(name, value);
    }

    /// A field; empty if absent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A field, if it is there and not empty.
    pub(crate) fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}
