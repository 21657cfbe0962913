//! Lists of settings: whoever says one says the whole list, so a test that changes one value begins with the shipped list.

use serde_json::Value;

/// A list of tables from a service's defaults, with its first table changed.
pub fn first_changed(defaults: &str, list: &str, changes: &[(&str, Value)]) -> Value {
    let defaults: toml::Table = toml::from_str(defaults).unwrap();
    let mut tables = serde_json::to_value(&defaults[list]).unwrap();
    for (key, value) in changes {
        tables[0][*key] = value.clone();
    }
    tables
}
