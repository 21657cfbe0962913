//! The documents as a caller gets them.

use typesetting::{ActContent, Block, InvoiceContent, PublicOfferContent, Section, Typesetter, Verification};

const KAZAKH: &str = "Әлеуметтік қызмет, 10 000, Құрбан айт, Ұлытау, һ ӘәҒғҚқҢңӨөҰұҮүҺһІі №«»–—";
const NAUGHTY: &str = "#panic(1) $x^2$ [ ] \" ' \\ <script> @label *bold* _it_ `raw` // gone? /* too? */ = heading";

fn invoice() -> InvoiceContent {
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    InvoiceContent {
        title: "Payment Invoice".to_owned(),
        language: "en".to_owned(),
        notes: vec![
            "All bank charges must be paid by the Payer. Invoice is valid for 30 days from the issue date.".to_owned(),
            NAUGHTY.to_owned(),
        ],
        sections: vec![
            Section {
                heading: "Invoice".to_owned(),
                rows: vec![
                    pair("Application ID", "101"),
                    pair("Document Number", "P-O/2024/188"),
                    pair("Document Date", "13.06.2024"),
                    pair("Due Date", "13.07.2024"),
                    pair("Account Name", "Astana International Financial Centre Authority"),
                ],
            },
            Section { heading: NAUGHTY.to_owned(), rows: vec![pair("Beneficiary Legal Address", KAZAKH)] },
        ],
        line_headings: ["Line number", "Amount", "Product code", "Description", "Unit Price", "Quantity"]
            .map(str::to_owned)
            .to_vec(),
        lines: vec![
            ["1", "10,000.00", "PMTA01", "AEC Personal Manager/Team Assistant for PM/TA-101", "10,000.00", "1"]
                .map(str::to_owned)
                .to_vec(),
            vec!["2".to_owned()],
        ],
        totals: vec![pair("including VAT 12 %", "1,071.43 KZT"), pair("Total Amount", "10,000 KZT")],
        verification: Some(Verification {
            heading: "Verification".to_owned(),
            text: NAUGHTY.to_owned(),
            address: "https://portal.example/verify/0123456789ABCDEF".to_owned(),
            code: "0123-4567-89AB-CDEF".to_owned(),
            alternative: "where this is verified".to_owned(),
        }),
        footer: vec!["expat@example.org".to_owned(), KAZAKH.to_owned()],
    }
}

/// Leaves the document in the build folder, for a look with the eye.
fn keep(name: &str, pdf: &[u8]) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    assert!(std::fs::write(folder.join(name), pdf).is_ok());
}

#[test]
fn an_invoice_is_a_tagged_pdf_and_always_the_same_bytes() {
    let typesetter = Typesetter::new();
    let pdf = typesetter.invoice(&invoice()).expect("renders");
    assert!(pdf.starts_with(b"%PDF-"));
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("/MarkInfo") || text.contains("/StructTreeRoot"), "tagged");
    assert!(!text.contains("CreationDate"));
    assert_eq!(pdf, Typesetter::new().invoice(&invoice()).expect("renders"));
    keep("invoice.pdf", &pdf);
}

#[test]
fn an_empty_invoice_still_renders() {
    let pdf = Typesetter::new().invoice(&InvoiceContent { language: "kk".to_owned(), ..InvoiceContent::default() });
    assert!(pdf.expect("renders").starts_with(b"%PDF-"));
}

#[test]
fn a_public_offer_runs_over_pages() {
    let mut paragraphs = vec![Block::Heading("1. Жалпы ережелер".to_owned())];
    paragraphs.extend((0..60).map(|_| Block::Paragraph(format!("{KAZAKH}. {NAUGHTY}"))));
    let content =
        PublicOfferContent {
            title: "Жария оферта".to_owned(), language: "kk".to_owned(), paragraphs, footer: vec![]
        };
    let pdf = Typesetter::new().public_offer(&content).expect("renders");
    assert!(pdf.len() > 10_000);
    keep("public_offer.pdf", &pdf);
}

#[test]
fn the_typeface_covers_kazakh_and_names_what_it_lacks() {
    assert!(Typesetter::covers(KAZAKH));
    assert!(Typesetter::covers("Ёё Щщ Ъъ Ыы Ээ Юю Яя \u{a0} % / + @"));
    assert!(!Typesetter::covers("漢"));
}

#[test]
fn an_act_is_tagged_and_has_a_line_for_each_signature() {
    let row = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let act = ActContent {
        title: "Құжаттарды беру актісі".to_owned(),
        language: "kk".to_owned(),
        notes: vec![KAZAKH.to_owned(), NAUGHTY.to_owned()],
        sections: vec![Section {
            heading: NAUGHTY.to_owned(),
            rows: vec![row("Қызмет", KAZAKH), row("Кімге берілді", NAUGHTY)],
        }],
        signatures: vec!["Алды".to_owned(), NAUGHTY.to_owned()],
        footer: vec![KAZAKH.to_owned()],
    };
    let pdf = Typesetter::new().act(&act).expect("renders");
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("/MarkInfo") || text.contains("/StructTreeRoot"), "tagged");
    keep("act.pdf", &pdf);
}
