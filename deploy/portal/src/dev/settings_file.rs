//! The file of settings that all children share.

use serde_json::Value;

/// Settings by dotted key, as a file.
#[derive(Default)]
pub(super) struct Settings(toml::Table);

impl Settings {
    pub(super) fn set(&mut self, key: &str, value: Value) {
        let Ok(value) = toml::Value::try_from(value) else { return };
        let mut table = &mut self.0;
        let mut parts: Vec<&str> = key.split('.').collect();
        let Some(last) = parts.pop() else { return };
        for part in parts {
            let entry = table.entry(part).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            let toml::Value::Table(inner) = entry else { return };
            table = inner;
        }
        table.insert(last.to_owned(), value);
    }

    pub(super) fn to_toml(&self) -> anyhow::Result<String> {
        Ok(toml::to_string(&self.0)?)
    }
}
