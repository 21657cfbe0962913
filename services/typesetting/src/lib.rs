//! Template + content + language → PDF (invoice, public offer, acts). The one crate that knows Typst; it knows no money, no dates, no
//! business words: every text arrives formatted, and is handed to the template as data, never spliced into its source.

mod content;
mod error;
mod typesetter;

pub use content::{ActContent, Block, InvoiceContent, PublicOfferContent, Section, Verification};
pub use error::Error;
pub use typesetter::Typesetter;
