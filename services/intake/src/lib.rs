//! What comes in from outside as a file: told by its content, made harmless, refused when it can't be. The one crate
//! that knows formats of pictures and PDF, and the protocol of a virus scanner; it knows nothing of whose file it is.

mod clamd;
mod pdf;
mod picture;

use std::sync::Arc;

use kernel::{Code, ErrorCode, codes};
use tokio::sync::Semaphore;

/// Limits of one file, beyond its size in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Pages of a PDF at most.
    pub pages: usize,
    /// Pixels of a picture at most.
    pub pixels: u64,
}

/// A file that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// `application/pdf`, `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// What to keep: a PDF as it came; a picture drawn anew, without whatever else its file held.
    pub content: Vec<u8>,
    /// False without a scanner.
    pub scanned: bool,
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("there is nothing in it")]
    Empty,
    #[error("it is no PDF, JPEG or PNG")]
    Type,
    #[error("it does something by itself or carries other files")]
    ActiveContent,
    #[error("it opens with a password only")]
    Encrypted,
    #[error("it can't be read")]
    Damaged,
    #[error("it has too many pages")]
    Pages,
    #[error("it has too many pixels")]
    Pixels,
    #[error("the scanner has found something in it")]
    Infected,
}

impl ErrorCode for Unfit {
    fn code(&self) -> Code {
        match self {
            Self::Empty => codes::FILE_EMPTY,
            Self::Type => codes::FILE_TYPE,
            Self::ActiveContent => codes::FILE_ACTIVE_CONTENT,
            Self::Encrypted => codes::FILE_ENCRYPTED,
            Self::Damaged => codes::FILE_DAMAGED,
            Self::Pages => codes::FILE_TOO_MANY_PAGES,
            Self::Pixels => codes::FILE_TOO_MANY_PIXELS,
            Self::Infected => codes::FILE_INFECTED,
        }
    }
}

/// A scanner that is set up does not answer: nothing is taken in meanwhile.
#[derive(Debug, thiserror::Error)]
#[error("the scanner: {0}")]
pub struct ScannerAway(#[from] std::io::Error);

/// Takes files in, a few at a time: opening one costs memory and a processor.
#[derive(Clone)]
pub struct Intake {
    limits: Limits,
    /// Address of a clamd, `host:port`; empty: none.
    scanner: String,
    places: Arc<Semaphore>,
}

impl Intake {
    /// `scanner` is the address of a clamd, `host:port`; empty for none.
    pub fn new(limits: Limits, scanner: &str) -> Self {
        let places = std::thread::available_parallelism().map_or(1, usize::from);
        Self { limits, scanner: scanner.to_owned(), places: Arc::new(Semaphore::new(places)) }
    }

    /// Looks at a whole file.
    pub async fn take(&self, content: Vec<u8>) -> Result<Result<Taken, Unfit>, ScannerAway> {
        // Never closed, so there is always a place in the end.
        let _place = self.places.acquire().await;
        let scanned = !self.scanner.is_empty();
        if scanned && !clamd::is_clean(&self.scanner, &content).await? {
            return Ok(Err(Unfit::Infected));
        }
        let limits = self.limits;
        let looked = tokio::task::spawn_blocking(move || open(content, limits)).await;
        // A reader that gives up on a file has read none.
        let read = looked.unwrap_or(Err(Unfit::Damaged));
        Ok(read.map(|(media_type, content)| Taken { media_type, content, scanned }))
    }
}

fn open(content: Vec<u8>, limits: Limits) -> Result<(&'static str, Vec<u8>), Unfit> {
    if content.is_empty() {
        return Err(Unfit::Empty);
    }
    if content.starts_with(b"%PDF-") {
        return pdf::check(content, limits.pages).map(|content| ("application/pdf", content));
    }
    if content.starts_with(&[0xff, 0xd8, 0xff]) {
        return picture::jpeg(&content, limits.pixels).map(|content| ("image/jpeg", content));
    }
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        return picture::png(&content, limits.pixels).map(|content| ("image/png", content));
    }
    Err(Unfit::Type)
}

/// A file's name without folders, control characters and direction marks, and not too long.
pub fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .take(120)
        .collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    if clean.is_empty() { "document".to_owned() } else { clean }
}
