//! An entry as controls.

use std::collections::HashMap;

use askama::Template;
use toml::{Table, Value};

use super::{
    ROOT, Shape,
    post::{Fault, LANGUAGES},
    shape::Slot,
};
use crate::form::anchor;
use crate::problem::refusal_text;
use crate::text::Texts;

/// Codes of the entries that others name, by kind.
#[derive(Default)]
pub(in super::super) struct Others(HashMap<&'static str, Vec<String>>);

impl Others {
    pub(in super::super) fn of(codes: impl IntoIterator<Item = (&'static str, Vec<String>)>) -> Self {
        Self(codes.into_iter().collect())
    }

    fn kind(&self, kind: &str) -> &[String] {
        self.0.get(kind).map_or(&[], Vec::as_slice)
    }
}

pub(in super::super) struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

pub(in super::super) enum Control {
    Line,
    Area(usize),
    Whole,
    Day,
    Flag,
    /// One of these.
    Select(Vec<Choice>),
    /// Some of these.
    Ticks(Vec<Choice>),
}

pub(in super::super) struct Input {
    pub name: String,
    pub id: String,
    pub label: String,
    pub hint: String,
    pub control: Control,
    pub value: String,
    pub needed: bool,
    /// Language of the text, where it is of one.
    pub language: &'static str,
    pub fault: Option<String>,
}

pub(in super::super) struct Words {
    pub legend: String,
    pub hint: String,
    pub inputs: Vec<Input>,
}

pub(in super::super) struct Group {
    pub legend: String,
    pub nodes: Vec<Node>,
}

pub(in super::super) struct Row {
    pub name: String,
    pub title: String,
    pub nodes: Vec<Node>,
    /// Shown unfolded: new, or with a fault.
    pub open: bool,
    pub first: bool,
}

pub(in super::super) struct Rows {
    pub name: String,
    pub id: String,
    pub legend: String,
    pub rows: Vec<Row>,
}

pub(in super::super) enum Node {
    Input(Input),
    Words(Words),
    Group(Group),
    Rows(Rows),
}

/// Controls within each other.
#[derive(Template)]
#[template(path = "staff/catalogue_sheet.html")]
pub(in super::super) struct Nodes<'a> {
    pub nodes: &'a [Node],
    pub t: &'a Texts,
}

/// Its own template has escaped what is in it.
impl askama::filters::HtmlSafe for Nodes<'_> {}

impl Nodes<'_> {
    fn within<'b>(&'b self, nodes: &'b [Node]) -> Nodes<'b> {
        Nodes { nodes, t: self.t }
    }
}

/// The controls of an entry, with what is wrong at each.
pub(in super::super) fn show(
    texts: &Texts,
    slots: &[Slot],
    entry: &Table,
    others: &Others,
    faults: &[Fault],
) -> Vec<Node> {
    View { texts, others, faults }.nodes(slots, ROOT, entry)
}

struct View<'a> {
    texts: &'a Texts,
    others: &'a Others,
    faults: &'a [Fault],
}

impl View<'_> {
    fn nodes(&self, slots: &[Slot], prefix: &str, table: &Table) -> Vec<Node> {
        slots.iter().map(|slot| self.node(slot, &format!("{prefix}.{}", slot.name), table.get(slot.name))).collect()
    }

    fn node(&self, slot: &Slot, name: &str, value: Option<&Value>) -> Node {
        let said = value.map(plain).unwrap_or_default();
        let control = match slot.shape {
            Shape::Line => Control::Line,
            Shape::Whole => Control::Whole,
            Shape::Day => Control::Day,
            Shape::Flag => Control::Flag,
            Shape::Values => Control::Area(2),
            Shape::Choice(codes, family) => Control::Select(
                codes
                    .iter()
                    .enumerate()
                    .map(|(index, code)| Choice {
                        value: (*code).to_owned(),
                        label: self.texts.get(&format!("{family}-{}", code.replace('_', "-"))),
                        chosen: said == *code || (said.is_empty() && index == 0),
                    })
                    .collect(),
            ),
            Shape::Entry(kind) => {
                let none = Choice { value: String::new(), label: "–".to_owned(), chosen: said.is_empty() };
                Control::Select(std::iter::once(none).chain(self.codes(kind, std::slice::from_ref(&said))).collect())
            }
            Shape::Entries(kind) => Control::Ticks(self.ticks(kind, &list(value))),
            Shape::Words => return self.words(slot, name, value, Control::Line),
            Shape::Prose => return self.words(slot, name, value, Control::Area(4)),
            Shape::Group(slots) => {
                let empty = Table::new();
                let table = value.and_then(Value::as_table).unwrap_or(&empty);
                return Node::Group(Group { legend: self.label(slot), nodes: self.nodes(slots, name, table) });
            }
            Shape::Rows(slots) => return Node::Rows(self.rows(slot, slots, name, value)),
        };
        let value = if matches!(slot.shape, Shape::Values) { list(value).join("\n") } else { said };
        Node::Input(self.input(slot, name, self.label(slot), control, value))
    }

    fn input(&self, slot: &Slot, name: &str, label: String, control: Control, value: String) -> Input {
        let fault = self.faults.iter().find(|(at, _)| at == name);
        Input {
            id: anchor(name),
            name: name.to_owned(),
            label,
            hint: self.hint(slot),
            control,
            value,
            needed: slot.needed,
            language: "",
            fault: fault.map(|(_, code)| refusal_text(self.texts, code, &HashMap::new())),
        }
    }

    fn words(&self, slot: &Slot, name: &str, value: Option<&Value>, control: Control) -> Node {
        let rows = if let Control::Area(rows) = control { rows } else { 0 };
        let said = |language: &str| value.and_then(|value| value.get(language)).map(plain).unwrap_or_default();
        let inputs = LANGUAGES
            .into_iter()
            .map(|language| {
                let control = if rows == 0 { Control::Line } else { Control::Area(rows) };
                let label = self.texts.get(&format!("sheet-language-{language}"));
                let name = format!("{name}.{language}");
                Input { language, hint: String::new(), ..self.input(slot, &name, label, control, said(language)) }
            })
            .collect();
        Node::Words(Words { legend: self.label(slot), hint: self.hint(slot), inputs })
    }

    fn rows(&self, slot: &Slot, slots: &[Slot], name: &str, value: Option<&Value>) -> Rows {
        let tables = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table);
        let rows = tables
            .enumerate()
            .map(|(index, table)| {
                let name = format!("{name}.{index}");
                let within = format!("{name}.");
                Row {
                    title: self.title(index, table),
                    nodes: self.nodes(slots, &name, table),
                    open: table.is_empty() || self.faults.iter().any(|(at, _)| at.starts_with(&within)),
                    first: index == 0,
                    name,
                }
            })
            .collect();
        Rows { id: anchor(name), name: name.to_owned(), legend: self.label(slot), rows }
    }

    /// What a folded row is known by.
    fn title(&self, index: usize, table: &Table) -> String {
        let language = self.texts.language().tag();
        let words = ["label", "name", "text"].into_iter().find_map(|name| table.get(name));
        let said = words.and_then(|words| words.get(language)).map(plain).unwrap_or_default();
        let code = ["key", "document", "value", "code", "from"].into_iter().find_map(|name| table.get(name));
        let code = code.map(plain).unwrap_or_default();
        let told: Vec<String> = [said, code].into_iter().filter(|text| !text.is_empty()).collect();
        let number = (index + 1).to_string();
        let told = if told.is_empty() { self.texts.get("sheet-new-row") } else { told.join(" · ") };
        let short: String = told.chars().take(TITLE_MAX).collect();
        format!("{number}. {short}")
    }

    fn codes<'a>(&'a self, kind: &str, chosen: &'a [String]) -> impl Iterator<Item = Choice> + use<'a> {
        let known = self.others.kind(kind);
        // A code that is not known (any more) stays to be seen.
        let strange = chosen.iter().filter(move |code| !code.is_empty() && !known.contains(code));
        known.iter().chain(strange).map(move |code| Choice {
            value: code.clone(),
            label: code.clone(),
            chosen: chosen.contains(code),
        })
    }

    /// The chosen ones stand first, in their order: it is the order of what they bring.
    fn ticks(&self, kind: &str, chosen: &[String]) -> Vec<Choice> {
        let mut ticks: Vec<Choice> = self.codes(kind, chosen).collect();
        ticks.sort_by_key(|tick| chosen.iter().position(|code| *code == tick.value).unwrap_or(usize::MAX));
        ticks
    }

    fn label(&self, slot: &Slot) -> String {
        self.texts.get(&format!("sheet-{}", slot.name.replace('_', "-")))
    }

    fn hint(&self, slot: &Slot) -> String {
        self.texts.maybe(&format!("sheet-{}-hint", slot.name.replace('_', "-")), &[]).unwrap_or_default()
    }
}

/// Characters of a row's title.
const TITLE_MAX: usize = 80;

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(true) => "yes".to_owned(),
        Value::Boolean(false) | Value::Array(_) | Value::Table(_) => String::new(),
        Value::Float(number) => number.to_string(),
        Value::Datetime(day) => day.to_string(),
    }
}

fn list(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().map(plain).collect()
}

#[cfg(test)]
impl Input {
    /// What a browser posts of it.
    pub fn posted(&self, fields: &mut crate::fields::Fields) {
        match &self.control {
            Control::Flag if self.value == "yes" => fields.set(&self.name, "yes"),
            Control::Flag => {}
            Control::Select(choices) | Control::Ticks(choices) => {
                choices.iter().filter(|choice| choice.chosen).for_each(|choice| fields.set(&self.name, &choice.value));
            }
            Control::Line | Control::Area(_) | Control::Whole | Control::Day => fields.set(&self.name, &self.value),
        }
    }
}
