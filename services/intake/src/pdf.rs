//! PDF: it opens, has a bounded number of pages, and holds nothing that acts by itself or hides other files. It is kept
//! as it came: what is signed must stay as it was signed.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use hayro_syntax::{
    LoadPdfError, Pdf,
    object::{Array, Dict, MaybeRef, Object},
};

use crate::Unfit;

/// Names of actions and things that a paper for an office has no need of, as keys or values.
const ACTIVE: [&[u8]; 13] = [
    b"JavaScript",
    b"JS",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"GoToR",
    b"RichMedia",
    b"Rendition",
    b"Movie",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"XFA",
];

/// Dictionaries in dictionaries at most; a paper has a handful.
const DEPTH_MAX: u8 = 40;

pub(super) fn check(content: Vec<u8>, pages_max: usize) -> Result<Vec<u8>, Unfit> {
    if is_bomb(&content) {
        return Err(Unfit::Damaged);
    }
    let pdf = Pdf::new(content.clone()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unfit::Encrypted,
        LoadPdfError::Invalid => Unfit::Damaged,
    })?;
    for object in pdf.objects() {
        look(&object, DEPTH_MAX)?;
    }
    if pdf.pages().len() > pages_max {
        return Err(Unfit::Pages);
    }
    Ok(content)
}

fn look(object: &Object<'_>, depth: u8) -> Result<(), Unfit> {
    match object {
        Object::Name(name) if is_active(name.as_ref()) => Err(Unfit::ActiveContent),
        Object::Dict(dict) => in_dict(dict, depth),
        Object::Stream(stream) => in_dict(stream.dict(), depth),
        Object::Array(array) => in_array(array, depth),
        Object::Null(_) | Object::Boolean(_) | Object::Number(_) | Object::String(_) | Object::Name(_) => Ok(()),
    }
}

fn in_dict(dict: &Dict<'_>, depth: u8) -> Result<(), Unfit> {
    let depth = depth.checked_sub(1).ok_or(Unfit::Damaged)?;
    for (key, value) in dict.entries() {
        if is_active(key.as_ref()) {
            return Err(Unfit::ActiveContent);
        }
        // What it refers to is an object of its own, which is looked at in its turn.
        if let MaybeRef::NotRef(object) = value {
            look(&object, depth)?;
        }
    }
    Ok(())
}

fn in_array(array: &Array<'_>, depth: u8) -> Result<(), Unfit> {
    let depth = depth.checked_sub(1).ok_or(Unfit::Damaged)?;
    for item in array.raw_iter() {
        if let MaybeRef::NotRef(object) = item {
            look(&object, depth)?;
        }
    }
    Ok(())
}

fn is_active(name: &[u8]) -> bool {
    ACTIVE.contains(&name)
}

/// Bytes that one packed stream may unfold to, and all of a file together: a page scanned in colour at 600 dpi has 100
/// million. The reader itself has no such bound.
const UNFOLDED_MAX: u64 = 256 * 1024 * 1024;
const UNFOLDED_SUM_MAX: u64 = 1024 * 1024 * 1024;

/// Whether a few bytes unfold to very many.
fn is_bomb(content: &[u8]) -> bool {
    // The old way of packing, which nothing writes any more and which unfolds as much.
    if holds(content, b"/LZW") || holds(content, b"/#4c") || holds(content, b"/#4C") {
        return true;
    }
    let mut sum = 0;
    let mut rest = content;
    while let Some(at) = find(rest, b"stream") {
        rest = rest.get(at + b"stream".len()..).unwrap_or_default();
        let data = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        let Some(size) = unfolded(data) else { return true };
        sum += size;
        if sum > UNFOLDED_SUM_MAX {
            return true;
        }
    }
    false
}

/// How much a packed stream unfolds to; nothing when that is too much, or when it is packed twice.
fn unfolded(data: &[u8]) -> Option<u64> {
    if !is_packed(data) {
        return Some(0);
    }
    let mut reader = ZlibDecoder::new(data).take(UNFOLDED_MAX + 1);
    let mut first = [0; 2];
    if reader.read_exact(&mut first).is_ok() && is_packed(&first) {
        return None;
    }
    // A stream that breaks off has unfolded to what there was.
    let size = std::io::copy(&mut reader, &mut std::io::sink()).unwrap_or(0) + first.len() as u64;
    (size <= UNFOLDED_MAX).then_some(size)
}

/// The two bytes that a packed stream begins with.
fn is_packed(data: &[u8]) -> bool {
    matches!(data, [method, flags, ..]
        if method & 0x0f == 8 && method >> 4 <= 7 && (u16::from(*method) * 256 + u16::from(*flags)).is_multiple_of(31))
}

fn holds(content: &[u8], what: &[u8]) -> bool {
    find(content, what).is_some()
}

fn find(content: &[u8], what: &[u8]) -> Option<usize> {
    content.windows(what.len()).position(|window| window == what)
}
