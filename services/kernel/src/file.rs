//! What an uploaded file may be, told by its content and never by its name.

use crate::codes;
use crate::refusal::Code;

/// Names that make a PDF do something by itself.
const ACTIVE: [&[u8]; 6] = [b"/JavaScript", b"/JS ", b"/OpenAction", b"/Launch", b"/EmbeddedFile", b"/RichMedia"];

/// The media type of a file we take, by its first bytes.
pub fn media_type(content: &[u8]) -> Result<&'static str, Code> {
    if content.is_empty() {
        return Err(codes::FILE_EMPTY);
    }
    if content.starts_with(b"%PDF-") {
        let active = ACTIVE.iter().any(|name| content.windows(name.len()).any(|window| window == *name));
        return if active { Err(codes::FILE_ACTIVE_CONTENT) } else { Ok("application/pdf") };
    }
    if content.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok("image/jpeg");
    }
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok("image/png");
    }
    Err(codes::FILE_TYPE)
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
