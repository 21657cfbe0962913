//! The engine: fonts and templates loaded once, many documents rendered. Rendering is CPU-bound (milliseconds): callers on an async
//! runtime use a blocking task. What was rendered lately is kept: documents are asked for again by those they were issued to, the public
//! offer by everybody.

use std::sync::{Arc, Mutex, PoisonError};

use hashlink::LruCache;
use qrcode::{QrCode, render::svg};
use serde::Serialize;
use typst::foundations::{Bytes, Dict, IntoValue, Smart};
use typst::text::{Font, FontStyle};
use typst_as_lib::TypstEngine;
use typst_pdf::PdfOptions;

use crate::{ActContent, Error, InvoiceContent, PublicOfferContent};

const ACT: &str = "act.typ";
const INVOICE: &str = "invoice.typ";
const PUBLIC_OFFER: &str = "public_offer.typ";
/// The family the templates set; the other embedded ones stand in for rare signs.
const TYPEFACE: &str = "Libertinus Serif";
/// Documents that are kept at most; one has about 60 KiB.
const KEPT_MAX: usize = 64;
/// Renderings after which an unused memoised result is dropped.
const CACHE_AGE_MAX: usize = 8;

/// An address as a QR code, in SVG.
fn camera_code(address: &str) -> Result<String, Error> {
    let code = QrCode::new(address).map_err(|error| Error::Camera(error.to_string()))?;
    Ok(code.render::<svg::Color>().quiet_zone(false).build())
}

fn faces() -> impl Iterator<Item = Font> {
    typst_assets::fonts().flat_map(|bytes| Font::iter(Bytes::new(bytes)))
}

/// What a document is made of: template, and content as JSON.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Source {
    template: &'static str,
    content: String,
}

/// Renders documents with a fixed set of embedded fonts; system fonts are never looked at, so a document is the same on each machine.
pub struct Typesetter {
    engine: TypstEngine,
    kept: Mutex<LruCache<Source, Arc<[u8]>>>,
}

impl Default for Typesetter {
    fn default() -> Self {
        Self::new()
    }
}

impl Typesetter {
    /// Parses fonts and templates. Do it once per process.
    pub fn new() -> Self {
        let engine = TypstEngine::builder()
            .fonts(faces())
            .with_static_source_file_resolver([
                (ACT, include_str!("../templates/act.typ")),
                (INVOICE, include_str!("../templates/invoice.typ")),
                (PUBLIC_OFFER, include_str!("../templates/public_offer.typ")),
                ("page.typ", include_str!("../templates/page.typ")),
            ])
            .comemo_evict_max_age(Some(CACHE_AGE_MAX))
            .build();
        Self { engine, kept: Mutex::new(LruCache::new(KEPT_MAX)) }
    }

    /// The payment invoice as a tagged PDF. Equal content gives equal bytes.
    pub fn invoice(&self, content: &InvoiceContent) -> Result<Vec<u8>, Error> {
        self.render_with(INVOICE, content, content.verification.as_ref().map(|verification| &*verification.address))
    }

    /// An act to be signed, as a tagged PDF. Equal content gives equal bytes.
    pub fn act(&self, content: &ActContent) -> Result<Vec<u8>, Error> {
        self.render(ACT, content)
    }

    /// The public offer as a tagged PDF. Equal content gives equal bytes.
    pub fn public_offer(&self, content: &PublicOfferContent) -> Result<Vec<u8>, Error> {
        self.render(PUBLIC_OFFER, content)
    }

    /// True when the documents' typeface has a glyph for each character of `text` (white space aside) in all
    /// upright weights, the only ones the templates use.
    pub fn covers(text: &str) -> bool {
        let faces: Vec<_> = faces()
            .filter(|face| face.info().family == TYPEFACE && face.info().variant.style == FontStyle::Normal)
            .collect();
        text.chars()
            .filter(|letter| !letter.is_whitespace())
            .all(|letter| faces.iter().all(|face| face.info().coverage.contains(u32::from(letter))))
    }

    fn render(&self, template: &'static str, content: &impl Serialize) -> Result<Vec<u8>, Error> {
        self.render_with(template, content, None)
    }

    fn render_with(
        &self,
        template: &'static str,
        content: &impl Serialize,
        address: Option<&str>,
    ) -> Result<Vec<u8>, Error> {
        let source = Source { template, content: serde_json::to_string(content)? };
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = kept().get(&source) {
            return Ok(document.to_vec());
        }
        let document: Arc<[u8]> = self.set(&source, address)?.into();
        kept().insert(source, Arc::clone(&document));
        Ok(document.to_vec())
    }

    /// Sets a document; cameras find the address, which is part of its content, as a code.
    fn set(&self, source: &Source, address: Option<&str>) -> Result<Vec<u8>, Error> {
        let camera = address.map(camera_code).transpose()?;
        let mut inputs = Dict::new();
        inputs.insert("content".into(), source.content.clone().into_value());
        inputs.insert("camera".into(), camera.unwrap_or_default().into_value());
        let document = self
            .engine
            .compile_with_input(source.template, inputs)
            .output
            .map_err(|error| Error::Template(error.to_string()))?;
        let options = PdfOptions { creator: Smart::Custom(None), ..PdfOptions::default() };
        typst_pdf::pdf(&document, &options).map_err(|faults| {
            let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
            Error::Export(messages.join("; "))
        })
    }
}
