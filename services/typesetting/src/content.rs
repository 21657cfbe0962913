//! What a document says: plain, already formatted text in the reader's language.

use serde::Serialize;

/// A labelled group of values, such as "Bank Credentials".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    pub heading: String,
    /// Label and value, in reading order.
    pub rows: Vec<(String, String)>,
}

/// By what a copy of a document is verified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    pub heading: String,
    pub text: String,
    /// Where it is verified; printed, and as a code for a camera.
    pub address: String,
    pub code: String,
    /// What a screen reader says for the camera's code.
    pub alternative: String,
}

/// A payment invoice, or a document that follows one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InvoiceContent {
    pub title: String,
    /// BCP 47 language tag (`en`, `ru`, `kk`); it decides hyphenation and what a screen reader speaks.
    pub language: String,
    /// Sentences above the table.
    pub notes: Vec<String>,
    pub sections: Vec<Section>,
    /// Column headings of the invoice lines; each line has as many cells (missing ones stay empty, surplus ones are left out).
    pub line_headings: Vec<String>,
    pub lines: Vec<Vec<String>>,
    /// Label and value, the last one printed large.
    pub totals: Vec<(String, String)>,
    pub verification: Option<Verification>,
    pub footer: Vec<String>,
}

/// An act that is signed by hand: what went from whom to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ActContent {
    pub title: String,
    /// BCP 47 language tag.
    pub language: String,
    /// Sentences above the sections.
    pub notes: Vec<String>,
    pub sections: Vec<Section>,
    /// Whose signatures it wants; each gets a line.
    pub signatures: Vec<String>,
    pub footer: Vec<String>,
}

/// One piece of a text document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Block {
    Heading(String),
    Paragraph(String),
}

/// The public offer, or another text document of headings and paragraphs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PublicOfferContent {
    pub title: String,
    /// BCP 47 language tag.
    pub language: String,
    pub paragraphs: Vec<Block>,
    pub footer: Vec<String>,
}
