//! Pictures are drawn anew: only the pixels stay. Where it was taken, by which phone, and whatever hid behind the end of
//! the picture is gone.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, Limits, codecs, error::LimitErrorKind, metadata::Orientation};

use crate::Unfit;

/// Quality of a picture drawn anew: letters stay sharp.
const JPEG_QUALITY: u8 = 88;
/// Of one side.
const SIDE_MAX: u32 = 30_000;

pub(super) fn jpeg(content: &[u8], pixels_max: u64) -> Result<Vec<u8>, Unfit> {
    let decoder = codecs::jpeg::JpegDecoder::new(Cursor::new(content)).map_err(|error| unfit(&error))?;
    let picture = draw(decoder, pixels_max)?;
    let mut out = Vec::new();
    let encoder = codecs::jpeg::JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
    // JPEG knows grey and colour, nothing behind.
    let flat = if picture.color().has_color() {
        DynamicImage::from(picture.into_rgb8())
    } else {
        DynamicImage::from(picture.into_luma8())
    };
    flat.write_with_encoder(encoder).map_err(|error| unfit(&error))?;
    Ok(out)
}

pub(super) fn png(content: &[u8], pixels_max: u64) -> Result<Vec<u8>, Unfit> {
    let decoder = codecs::png::PngDecoder::new(Cursor::new(content)).map_err(|error| unfit(&error))?;
    let picture = draw(decoder, pixels_max)?;
    let mut out = Vec::new();
    picture.write_with_encoder(codecs::png::PngEncoder::new(&mut out)).map_err(|error| unfit(&error))?;
    Ok(out)
}

/// Decodes within the limits, turned as the camera was held.
fn draw(mut decoder: impl ImageDecoder, pixels_max: u64) -> Result<DynamicImage, Unfit> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > pixels_max || width.max(height) > SIDE_MAX {
        return Err(Unfit::Pixels);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    // Eight bytes a pixel at most, and as much again while it is decoded.
    limits.max_alloc = Some(pixels_max.saturating_mul(16).max(1 << 20));
    decoder.set_limits(limits).map_err(|error| unfit(&error))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unfit(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn unfit(error: &ImageError) -> Unfit {
    match error {
        ImageError::Limits(limit) => {
            let large = matches!(limit.kind(), LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory);
            if large { Unfit::Pixels } else { Unfit::Damaged }
        }
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => Unfit::Damaged,
    }
}
