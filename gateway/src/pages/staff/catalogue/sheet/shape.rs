//! What entries are made of, as the catalogue's files write them.

/// What stands at one place of an entry.
#[derive(Clone, Copy)]
pub(in super::super) enum Shape {
    /// One line of text.
    Line,
    /// One line in each language.
    Words,
    /// Several lines in each language.
    Prose,
    Whole,
    Flag,
    Day,
    /// One of a few codes; the first counts where none is chosen. Their labels begin so.
    Choice(&'static [&'static str], &'static str),
    /// The code of an entry of a kind.
    Entry(&'static str),
    /// Codes of entries of a kind.
    Entries(&'static str),
    /// Texts, one a line.
    Values,
    Group(&'static [Slot]),
    Rows(&'static [Slot]),
}

/// One place of an entry.
pub(in super::super) struct Slot {
    /// As the files call it; its label is `sheet-…`, and its hint, where it has one, `sheet-…-hint`.
    pub name: &'static str,
    pub shape: Shape,
    /// An entry without it can't be.
    pub needed: bool,
}

const fn needed(name: &'static str, shape: Shape) -> Slot {
    Slot { name, shape, needed: true }
}

const fn optional(name: &'static str, shape: Shape) -> Slot {
    Slot { name, shape, needed: false }
}

const CONDITION: &[Slot] = &[
    optional("field", Shape::Line),
    optional("any_of", Shape::Values),
    optional("none_of", Shape::Values),
    optional("differs_from", Shape::Line),
];

const REQUIREMENT: &[Slot] = &[
    needed("document", Shape::Entry("document")),
    optional("required", Shape::Choice(&["always", "members", "optional"], "sheet-need")),
    optional("when", Shape::Group(CONDITION)),
];

pub(super) const SERVICE: &[Slot] = &[
    needed("code", Shape::Line),
    needed("category", Shape::Entry("category")),
    optional("group", Shape::Words),
    needed("name", Shape::Words),
    needed("price", Shape::Whole),
    optional("member_price", Shape::Whole),
    optional("personal_manager_price", Shape::Whole),
    needed("product_code", Shape::Line),
    needed("description", Shape::Line),
    optional("form", Shape::Entry("form")),
    optional("document_sets", Shape::Entries("document_set")),
    optional("papers", Shape::Rows(REQUIREMENT)),
    optional("state_fee_mci_hundredths", Shape::Whole),
    optional("working_days", Shape::Whole),
    optional("missed_max", Shape::Whole),
    optional("late_minutes", Shape::Whole),
    optional("active_from", Shape::Day),
    optional("active_until", Shape::Day),
];

const BASE: &[Slot] = &[optional("form", Shape::Entry("form")), optional("version", Shape::Whole)];

const CHOICE: &[Slot] = &[needed("value", Shape::Line), needed("label", Shape::Words)];

const FIELD: &[Slot] = &[
    needed("key", Shape::Line),
    needed(
        "kind",
        Shape::Choice(
            &[
                "text",
                "note",
                "latin_name",
                "date",
                "number",
                "country",
                "choice",
                "passport",
                "email",
                "phone",
                "iin",
                "bin",
            ],
            "sheet-kind",
        ),
    ),
    optional("required", Shape::Flag),
    needed("label", Shape::Words),
    optional("help", Shape::Words),
    optional("section", Shape::Words),
    optional("choices", Shape::Rows(CHOICE)),
    optional("when", Shape::Group(CONDITION)),
    optional("length_max", Shape::Whole),
    optional("min", Shape::Whole),
    optional("max", Shape::Whole),
    optional("not_before", Shape::Line),
    optional("not_after", Shape::Line),
];

pub(super) const FORM: &[Slot] = &[
    needed("code", Shape::Line),
    needed("version", Shape::Whole),
    optional("subject", Shape::Choice(&["person", "line"], "sheet-subject")),
    optional("extends", Shape::Group(BASE)),
    optional("fields", Shape::Rows(FIELD)),
];

pub(super) const DOCUMENT: &[Slot] = &[
    needed("code", Shape::Line),
    needed("name", Shape::Words),
    optional("help", Shape::Words),
    optional("per_application", Shape::Flag),
    optional("original", Shape::Flag),
];

pub(super) const DOCUMENT_SET: &[Slot] = &[needed("code", Shape::Line), optional("papers", Shape::Rows(REQUIREMENT))];

pub(super) const CATEGORY: &[Slot] = &[needed("code", Shape::Line), needed("name", Shape::Words)];

const WALK_IN: &[Slot] = &[
    needed("price", Shape::Whole),
    needed("product_code", Shape::Line),
    needed("description", Shape::Line),
    needed("name", Shape::Words),
];

const ACCOUNTING: &[Slot] = &[needed("product_code", Shape::Line), needed("description", Shape::Line)];

const MCI: &[Slot] = &[needed("from", Shape::Day), needed("amount", Shape::Whole)];

pub(super) const TERMS: &[Slot] = &[
    needed("walk_in", Shape::Group(WALK_IN)),
    needed("personal_manager", Shape::Group(ACCOUNTING)),
    needed("types", Shape::Rows(CATEGORY)),
    needed("mci", Shape::Rows(MCI)),
];

const BLOCK: &[Slot] = &[optional("heading", Shape::Flag), needed("text", Shape::Prose)];

pub(super) const PUBLIC_OFFER: &[Slot] =
    &[needed("version", Shape::Whole), needed("title", Shape::Words), needed("blocks", Shape::Rows(BLOCK))];
