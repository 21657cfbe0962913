//! An entry of the catalogue as controls instead of text: what an entry of each kind is made of stands in `shape`, and the
//! same shape reads the posted controls and shows them. What comes out is the entry's text, which the service checks as
//! it checks any other.

mod post;
mod shape;
mod view;

pub(super) use post::{Change, read};
pub(super) use shape::Shape;
pub(super) use view::{Node, Nodes, Others, show};

use crate::text::Texts;
use shape::{CATEGORY, DOCUMENT, DOCUMENT_SET, FORM, PUBLIC_OFFER, SERVICE, Slot, TERMS};

/// Prefix of every control's name.
pub(super) const ROOT: &str = "entry";

/// What an entry of a kind is made of.
pub(super) fn slots(kind: &str) -> Option<&'static [Slot]> {
    Some(match kind {
        "service" => SERVICE,
        "form" => FORM,
        "document" => DOCUMENT,
        "document_set" => DOCUMENT_SET,
        "category" => CATEGORY,
        "terms" => TERMS,
        "public_offer" => PUBLIC_OFFER,
        _ => return None,
    })
}

/// The last part of a control's name, and what the control is called.
pub(super) fn label<'a>(texts: &Texts, name: &'a str) -> (&'a str, String) {
    let mut parts = name.rsplit('.');
    let last = parts.next().unwrap_or(name);
    let called = |part: &str| texts.get(&format!("sheet-{}", part.replace('_', "-")));
    if !post::LANGUAGES.contains(&last) {
        return (last, called(last));
    }
    let language = called(&format!("language-{last}"));
    (last, format!("{}, {language}", called(parts.next().unwrap_or(last))))
}

/// The kinds of entries that an entry of a kind names by their codes.
pub(super) fn names(slots: &[Slot]) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for slot in slots {
        match slot.shape {
            Shape::Entry(kind) | Shape::Entries(kind) => kinds.push(kind),
            Shape::Group(inner) | Shape::Rows(inner) => kinds.extend(names(inner)),
            Shape::Line
            | Shape::Words
            | Shape::Prose
            | Shape::Whole
            | Shape::Flag
            | Shape::Day
            | Shape::Choice(..)
            | Shape::Values => {}
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;

    /// Every control that a page shows, as a browser would post it.
    fn posted(nodes: &[Node], fields: &mut Fields) {
        for node in nodes {
            match node {
                Node::Input(input) => input.posted(fields),
                Node::Words(words) => words.inputs.iter().for_each(|input| input.posted(fields)),
                Node::Group(group) => posted(&group.nodes, fields),
                Node::Rows(rows) => {
                    for row in &rows.rows {
                        fields.set(&row.name, "row");
                        posted(&row.nodes, fields);
                    }
                }
            }
        }
    }

    fn file(text: &str, key: &str) -> Vec<toml::Table> {
        let file: toml::Table = toml::from_str(text).unwrap();
        match &file[key] {
            toml::Value::Array(entries) => entries.iter().map(|entry| entry.as_table().unwrap().clone()).collect(),
            entry => vec![entry.as_table().unwrap().clone()],
        }
    }

    /// What a page shows of an entry and posts back says the same entry: nothing is lost on the way through the controls.
    #[test]
    fn an_entry_comes_back_as_it_went() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../services/applications/catalogue");
        let read_file = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
        let (catalogue, forms) = (read_file("catalogue.toml"), read_file("forms.toml"));
        let kinds = [
            ("service", &catalogue, "services"),
            ("category", &catalogue, "categories"),
            ("document", &catalogue, "documents"),
            ("document_set", &catalogue, "document_sets"),
            ("terms", &catalogue, "terms"),
            ("form", &forms, "forms"),
        ];
        for (kind, text, key) in kinds {
            let slots = slots(kind).unwrap();
            for entry in file(text, key) {
                // A set of codes is shown as the codes that there are.
                let others = Others::of(names(slots).into_iter().map(|kind| {
                    let key = ["categories", "documents", "document_sets", "forms"]
                        .into_iter()
                        .find(|key| key.starts_with(&kind[..kind.len() - 1]) && key.len() - kind.len() < 3)
                        .unwrap();
                    let text = if kind == "form" { &forms } else { &catalogue };
                    let codes =
                        file(text, key).iter().map(|entry| entry["code"].as_str().unwrap().to_owned()).collect();
                    (kind, codes)
                }));
                let mut fields = Fields::default();
                posted(
                    &show(&crate::text::Texts::of(crate::text::Language::En), slots, &entry, &others, &[]),
                    &mut fields,
                );
                let (read, faults) = read(slots, &fields);
                assert!(faults.is_empty(), "{kind} {entry:?}: {faults:?}");
                assert_eq!(without_defaults(read), without_defaults(entry), "{kind}");
            }
        }
    }

    /// What a file may leave out since it says nothing: a flag that is not set, an empty text or list, a zero, and the
    /// choice that is made where none is.
    fn without_defaults(table: toml::Table) -> toml::Table {
        let plain = |value: toml::Value| match value {
            toml::Value::Table(inner) => toml::Value::Table(without_defaults(inner)),
            toml::Value::Array(all) => toml::Value::Array(
                all.into_iter()
                    .map(|value| match value {
                        toml::Value::Table(inner) => toml::Value::Table(without_defaults(inner)),
                        other => other,
                    })
                    .collect(),
            ),
            other => other,
        };
        table
            .into_iter()
            .map(|(key, value)| (key, plain(value)))
            .filter(|(key, value)| match value {
                toml::Value::Boolean(flag) => *flag,
                toml::Value::String(text) => {
                    !text.is_empty()
                        && !(key == "required" && text == "always")
                        && !(key == "subject" && text == "person")
                }
                toml::Value::Array(all) => !all.is_empty(),
                toml::Value::Integer(number) => *number != 0,
                toml::Value::Table(inner) => !inner.is_empty(),
                toml::Value::Float(_) | toml::Value::Datetime(_) => true,
            })
            .collect()
    }
}
