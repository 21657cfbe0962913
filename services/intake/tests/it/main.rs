//! What is taken in, what is refused, and what is left of a picture.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail where it stands")]

use std::io::{Cursor, Write as _};

use flate2::{Compression, write::ZlibEncoder};
use image::{DynamicImage, ImageFormat, RgbImage};
use intake::{Intake, Limits, Unfit};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn intake() -> Intake {
    Intake::new(Limits { pages: 3, pixels: 1_000_000 }, "")
}

async fn refused(content: impl Into<Vec<u8>>) -> Unfit {
    match intake().take(content.into()).await.unwrap() {
        Err(unfit) => unfit,
        Ok(taken) => panic!("{} of {} bytes is taken", taken.media_type, taken.content.len()),
    }
}

/// A paper of so many pages, with something more in its catalogue.
fn pdf(pages: usize, more: &str) -> Vec<u8> {
    let kids = "3 0 R ".repeat(pages);
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R{more}>>endobj\n2 0 obj<</Type/Pages/Kids[{kids}]/Count {pages}>>\
         endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    .into_bytes()
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A paper with one stream.
fn with_stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n".to_vec();
    file.extend(format!("4 0 obj<<{dict}/Length {}>>stream\n", data.len()).into_bytes());
    file.extend(data);
    file.extend(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
    file
}

#[tokio::test]
async fn a_paper_is_kept_as_it_came() {
    // A destination to open at is no action of its own.
    for content in
        [pdf(3, ""), pdf(1, "/OpenAction[3 0 R/XYZ null null 0]"), with_stream("/Filter/FlateDecode", &packed(b"q Q"))]
    {
        let taken = intake().take(content.clone()).await.unwrap().unwrap();
        assert_eq!((taken.media_type, taken.scanned), ("application/pdf", false));
        assert_eq!(taken.content, content);
    }
}

/// A paper that needs a password: with a table of its objects, since only such a file says how it is locked.
fn locked() -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for object in [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n".to_owned(),
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n".to_owned(),
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n".to_owned(),
        format!(
            "4 0 obj<</Filter/Standard/V 2/R 3/Length 128/P -4/O<{}>/U<{}>>>endobj\n",
            "00".repeat(32),
            "11".repeat(32)
        ),
    ] {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(object.into_bytes());
    }
    let start = file.len();
    let id = "<30313233343536373839616263646566>";
    file.extend(
        format!("{table}trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[{id}{id}]>>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    file
}

#[tokio::test]
async fn a_paper_that_acts_hides_or_swells_is_refused() {
    for (content, why) in [
        (Vec::new(), Unfit::Empty),
        (b"MZ\x90\0\x03".to_vec(), Unfit::Type),
        (b"<html>%PDF-1.4".to_vec(), Unfit::Type),
        (b"%PDF-1.4\n".to_vec(), Unfit::Damaged),
        (pdf(4, ""), Unfit::Pages),
        (pdf(1, "/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), Unfit::ActiveContent),
        (pdf(1, "/OpenAction<</S/J#61vaScript>>"), Unfit::ActiveContent),
        (pdf(1, "/AA<</WC<</S/Launch/F(cmd.exe)>>>>"), Unfit::ActiveContent),
        (pdf(1, "/Names<</EmbeddedFiles<</Names[(a)<<>>]>>>>"), Unfit::ActiveContent),
        (pdf(1, "/AcroForm<</XFA(x)>>"), Unfit::ActiveContent),
        (with_stream("/Filter/FlateDecode", &packed(&vec![0; (256 << 20) + 1])), Unfit::Damaged),
        (with_stream("/Filter[/FlateDecode/FlateDecode]", &packed(&packed(&vec![0; 1 << 20]))), Unfit::Damaged),
        (with_stream("/Filter/LZWDecode", b"x"), Unfit::Damaged),
    ] {
        let head = String::from_utf8_lossy(&content[..content.len().min(120)]).into_owned();
        assert_eq!(refused(content).await, why, "{head}");
    }
    assert_eq!(refused(locked()).await, Unfit::Encrypted);
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let drawn = RgbImage::from_fn(40, 20, |x, y| image::Rgb([(x * 6) as u8, (y * 12) as u8, 90]));
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(drawn).write_to(&mut out, format).unwrap();
    out.into_inner()
}

#[tokio::test]
async fn only_the_pixels_of_a_picture_stay() {
    for (format, media_type) in [(ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg")] {
        let mut content = picture(format);
        content.extend(b"<?php system('ls'); ?>PK\x03\x04");
        let taken = intake().take(content).await.unwrap().unwrap();
        assert_eq!(taken.media_type, media_type);
        assert!(!taken.content.windows(5).any(|bytes| bytes == b"<?php"), "what stood behind the end is gone");
        let drawn = image::load_from_memory(&taken.content).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (40, 20));
    }
}

#[tokio::test]
async fn a_picture_is_turned_as_it_was_taken() {
    // A camera held upright: EXIF says "turn right", behind the picture's first two bytes.
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut content = picture(ImageFormat::Jpeg);
    let mut segment = vec![0xff, 0xe1];
    segment.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    segment.extend(exif);
    content.splice(2..2, segment);
    let taken = intake().take(content).await.unwrap().unwrap();
    let drawn = image::load_from_memory(&taken.content).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (20, 40));
    assert!(!taken.content.windows(4).any(|bytes| bytes == b"Exif"));
}

#[tokio::test]
async fn a_picture_that_promises_too_much_is_not_decoded() {
    let vast = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00\xe3\xe6\xa7\xb4\x00\x00\x00\x0b\x49\x44\x41\x54\x78\x9c\x63\x60\x80\x01\x00\x00\x0a\x00\x01\x7f\x80\x74\x5e\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82".to_vec();
    assert_eq!(refused(vast).await, Unfit::Pixels);
    let whole = picture(ImageFormat::Png);
    assert_eq!(refused(&whole[..whole.len() / 2]).await, Unfit::Damaged);
}

/// A clamd that answers every file with the same line, and tells what it was given.
async fn clamd(answer: &'static str) -> (String, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut command = [0; 10];
        stream.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut file = Vec::new();
        loop {
            let size = stream.read_u32().await.unwrap() as usize;
            if size == 0 {
                break;
            }
            let start = file.len();
            file.resize(start + size, 0);
            stream.read_exact(&mut file[start..]).await.unwrap();
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        file
    });
    (address, served)
}

#[tokio::test]
async fn a_scanner_is_asked_first_and_waited_out_by_nobody() {
    let limits = Limits { pages: 3, pixels: 1_000_000 };
    let (address, served) = clamd("stream: OK\0").await;
    assert!(Intake::new(limits, &address).take(pdf(1, "")).await.unwrap().unwrap().scanned);
    assert_eq!(served.await.unwrap(), pdf(1, ""));
    let (address, _) = clamd("stream: Eicar-Test-Signature FOUND\0").await;
    assert_eq!(Intake::new(limits, &address).take(pdf(1, "")).await.unwrap(), Err(Unfit::Infected));
    for answer in ["INSTREAM size limit exceeded. ERROR\0", ""] {
        let (address, _) = clamd(answer).await;
        assert!(Intake::new(limits, &address).take(pdf(1, "")).await.is_err(), "nothing is taken in unscanned");
    }
    assert!(Intake::new(limits, "127.0.0.1:1").take(pdf(1, "")).await.is_err());
}

#[test]
fn names_are_only_names() {
    for (given, kept) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\papers\\passport.pdf", "passport.pdf"),
        ("\u{202e}fdp.exe", "fdp.exe"),
        ("..", "document"),
        ("a\nb\0.pdf", "ab.pdf"),
    ] {
        assert_eq!(intake::file_name(given), kept);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes, there is an answer.
    #[test]
    fn nothing_brings_it_down(head in 0_usize..4, body in prop::collection::vec(any::<u8>(), 0..600)) {
        let heads: [&[u8]; 4] = [b"%PDF-1.7\n1 0 obj<<", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b""];
        let content = [heads[head], body.as_slice()].concat();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _ = runtime.block_on(intake().take(content)).unwrap();
    }
}
