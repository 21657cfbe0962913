//! Streams and consumers as asked against as they are: a server ignores what it does not know without a word, and an
//! existing one keeps its old settings.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// Settings that are not as asked: `key: asked …, found …`. What was not asked for may be as it likes.
pub fn differences(asked: &impl Serialize, found: &impl Serialize) -> Vec<String> {
    let (asked, found) = (flat(asked), flat(found));
    asked
        .into_iter()
        .filter(|(_, value)| !is_nothing(value))
        .filter_map(|(key, value)| {
            let is = found.get(&key).cloned().unwrap_or(Value::Null);
            (is != value).then(|| format!("{key}: asked {value}, found {is}"))
        })
        .collect()
}

fn flat(config: &impl Serialize) -> BTreeMap<String, Value> {
    match serde_json::to_value(config) {
        Ok(Value::Object(fields)) => fields.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}

/// Null, zero, empty, false: what a setting is that nobody set.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(set) => !set,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}
