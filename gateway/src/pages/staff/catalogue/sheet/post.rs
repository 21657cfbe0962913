//! Posted controls as an entry.

use toml::{Table, Value};

use super::{ROOT, Shape, shape::Slot};
use crate::fields::Fields;

/// The languages of every text.
pub(super) const LANGUAGES: [&str; 3] = ["en", "ru", "kk"];

/// A fault at a control: its name, and the refusal's code.
pub(in super::super) type Fault = (String, &'static str);

/// A change of an entry's rows, by a button of its own.
pub(in super::super) enum Change {
    Add,
    Remove,
    /// Before the row above.
    Up,
}

impl Change {
    /// Reads a button's value: `remove:entry.fields.3`.
    pub(in super::super) fn parse(action: &str) -> Option<(Self, &str)> {
        let (what, place) = action.split_once(':')?;
        let change = match what {
            "add" => Self::Add,
            "remove" => Self::Remove,
            "up" => Self::Up,
            _ => return None,
        };
        Some((change, place.strip_prefix(ROOT)?.strip_prefix('.')?))
    }

    /// Makes it on an entry; a place that is not there is left alone.
    pub(in super::super) fn make(&self, entry: &mut Table, place: &str) {
        let parts: Vec<&str> = place.split('.').collect();
        match (self, parts.as_slice()) {
            (Self::Add, [path @ .., name]) => {
                let Some(table) = inner(entry, path) else { return };
                let rows = table.entry((*name).to_owned()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(rows) = rows {
                    rows.push(Value::Table(Table::new()));
                }
            }
            (Self::Remove | Self::Up, [path @ .., name, index]) => {
                let rows = inner(entry, path).and_then(|table| table.get_mut(*name)).and_then(Value::as_array_mut);
                let (Some(rows), Ok(index)) = (rows, index.parse::<usize>()) else { return };
                match self {
                    Self::Remove if index < rows.len() => drop(rows.remove(index)),
                    Self::Up if index > 0 && index < rows.len() => rows.swap(index, index - 1),
                    Self::Add | Self::Remove | Self::Up => {}
                }
            }
            (_, _) => {}
        }
    }
}

/// The table at a path of names and of rows' numbers.
fn inner<'a>(entry: &'a mut Table, path: &[&str]) -> Option<&'a mut Table> {
    match path {
        [] => Some(entry),
        [name, index, rest @ ..] if index.parse::<usize>().is_ok() => {
            let rows = entry.get_mut(*name)?.as_array_mut()?;
            inner(rows.get_mut(index.parse::<usize>().ok()?)?.as_table_mut()?, rest)
        }
        [name, rest @ ..] => inner(entry.get_mut(*name)?.as_table_mut()?, rest),
    }
}

/// The entry that posted controls say, and what is wrong with them. What is no number stays as it was typed.
pub(in super::super) fn read(slots: &[Slot], fields: &Fields) -> (Table, Vec<Fault>) {
    let mut faults = Vec::new();
    let entry = table(slots, ROOT, fields, &mut faults);
    (entry, faults)
}

fn table(slots: &[Slot], prefix: &str, fields: &Fields, faults: &mut Vec<Fault>) -> Table {
    let mut table = Table::new();
    for slot in slots {
        let name = format!("{prefix}.{}", slot.name);
        if let Some(value) = value(slot, &name, fields, faults) {
            table.insert(slot.name.to_owned(), value);
        }
    }
    table
}

fn value(slot: &Slot, name: &str, fields: &Fields, faults: &mut Vec<Fault>) -> Option<Value> {
    let mut text = |name: &str| {
        let given = fields.get(name).replace("\r\n", "\n").trim().to_owned();
        if given.is_empty() && slot.needed {
            faults.push((name.to_owned(), "FIELD_REQUIRED"));
        }
        given
    };
    match slot.shape {
        Shape::Line | Shape::Day | Shape::Choice(..) | Shape::Entry(_) => {
            Some(text(name)).filter(|given| !given.is_empty()).map(Value::String)
        }
        Shape::Whole => {
            let given = text(name);
            if given.is_empty() {
                return None;
            }
            let digits: String = given.chars().filter(|sign| !sign.is_whitespace()).collect();
            Some(digits.parse::<i64>().map_or_else(
                |_| {
                    faults.push((name.to_owned(), "WHOLE_NUMBER"));
                    Value::String(given)
                },
                Value::Integer,
            ))
        }
        Shape::Flag => fields.has(name).then_some(Value::Boolean(true)),
        Shape::Words | Shape::Prose => {
            let said: Vec<(&str, String)> =
                LANGUAGES.into_iter().map(|language| (language, fields.text(&format!("{name}.{language}")))).collect();
            if said.iter().all(|(_, text)| text.is_empty()) && !slot.needed {
                return None;
            }
            let words = said.into_iter().map(|(language, text)| {
                if text.is_empty() {
                    faults.push((format!("{name}.{language}"), "FIELD_REQUIRED"));
                }
                (language.to_owned(), Value::String(text.replace("\r\n", "\n")))
            });
            Some(Value::Table(words.collect()))
        }
        Shape::Entries(_) => Some(fields.all(name)).filter(|codes| !codes.is_empty()).map(strings),
        Shape::Values => {
            let values: Vec<String> =
                fields.get(name).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
            Some(values).filter(|values| !values.is_empty()).map(strings)
        }
        Shape::Group(slots) => {
            let group = table(slots, name, fields, faults);
            (slot.needed || !group.is_empty()).then_some(Value::Table(group))
        }
        Shape::Rows(slots) => {
            let rows = (0..ROWS_MAX).map(|index| format!("{name}.{index}")).take_while(|row| fields.has(row));
            let rows: Vec<Value> = rows.map(|row| Value::Table(table(slots, &row, fields, faults))).collect();
            (slot.needed || !rows.is_empty()).then_some(Value::Array(rows))
        }
    }
}

/// More rows than any list of ours has.
const ROWS_MAX: usize = 400;

fn strings(all: Vec<String>) -> Value {
    Value::Array(all.into_iter().map(Value::String).collect())
}
