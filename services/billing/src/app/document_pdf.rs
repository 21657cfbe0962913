//! A document that follows an invoice, as PDF in one language; and by what any document's copy is verified.

use chassis::Error;
use kernel::{Iban, Locale, format_date};
use typesetting::{InvoiceContent, Section, Verification};

use super::{Ports, invoice_pdf, labels::Label};
use crate::domain::{
    document::{Content, Document, DocumentKind, Received},
    invoice::Invoice,
};

/// The PDF of any kind. What is no longer as it was issued is not printed.
pub(crate) async fn run(
    ports: &Ports,
    document: &Document,
    invoice: &Invoice,
    locale: Locale,
) -> Result<Vec<u8>, Error> {
    let context = &ports.context;
    crate::store::document::verify(context.db.read(), &context.sealer, document).await?;
    let verification = Some(verification(ports, document, locale));
    let printed = match &document.content {
        None => InvoiceContent { verification, ..invoice_pdf::content(invoice, locale) },
        Some(content) => InvoiceContent { verification, ..following(document, content, locale) },
    };
    invoice_pdf::typeset(ports, printed).await
}

fn verification(ports: &Ports, document: &Document, locale: Locale) -> Verification {
    let address = format!("{}/verify/{}", ports.config.portal_url.trim_end_matches('/'), document.code.as_str());
    Verification {
        heading: Label::Verification.text(locale).to_owned(),
        text: Label::VerificationText.text(locale).to_owned(),
        code: document.code.grouped(),
        alternative: format!("{}: {address}", Label::Verification.text(locale)),
        address,
    }
}

fn title(kind: DocumentKind) -> Label {
    match kind {
        DocumentKind::Invoice => Label::Title,
        DocumentKind::PaymentReceipt => Label::ReceiptTitle,
        DocumentKind::CreditNote => Label::CreditNoteTitle,
        DocumentKind::Act => Label::ActTitle,
    }
}

fn note(kind: DocumentKind) -> Option<Label> {
    match kind {
        DocumentKind::Invoice => None,
        DocumentKind::PaymentReceipt => Some(Label::ReceiptNote),
        DocumentKind::CreditNote => Some(Label::CreditNoteNote),
        DocumentKind::Act => Some(Label::ActNote),
    }
}

fn following(document: &Document, content: &Content, locale: Locale) -> InvoiceContent {
    let row = |label: Label, value: &str| (label.text(locale).to_owned(), value.to_owned());
    let beneficiary = &content.beneficiary;
    let basis = format!("{}, {}", content.invoice_number, format_date(content.invoice_date));
    let about = Section {
        heading: Label::Document.text(locale).to_owned(),
        rows: vec![
            row(Label::DocumentNumber, &document.document_number),
            row(Label::DocumentDate, &format_date(document.document_date)),
            row(Label::ApplicationId, &document.application.to_string()),
            row(Label::Basis, &basis),
            row(Label::CurrencyCode, document.total.currency().code()),
            row(Label::Total, &document.total.format_total(locale)),
        ],
    };
    let iban =
        Iban::parse(&beneficiary.iban).map_or_else(|_| beneficiary.iban.clone(), |iban| iban.as_str().to_owned());
    let issuer = Section {
        heading: Label::Issuer.text(locale).to_owned(),
        rows: vec![
            row(Label::AccountName, &beneficiary.account_name),
            row(Label::IdentificationNumber, &beneficiary.identification_number),
            row(Label::LegalAddress, beneficiary.legal_address.get(locale)),
            row(Label::ContactPhone, &beneficiary.contact_phone),
            row(Label::Bank, &beneficiary.bank),
            row(Label::Iban, &iban),
        ],
    };
    let payer = Section {
        heading: Label::PayerInformation.text(locale).to_owned(),
        rows: invoice_pdf::payer(&content.payer, &row),
    };
    let mut sections = vec![about, issuer, payer];
    if !content.received.is_empty() {
        let rows = content.received.iter().map(|received| money(received, locale)).collect();
        sections.push(Section { heading: Label::Payments.text(locale).to_owned(), rows });
    }
    InvoiceContent {
        title: title(document.kind).text(locale).to_owned(),
        language: locale.code().to_owned(),
        notes: note(document.kind).map(|label| label.text(locale).to_owned()).into_iter().collect(),
        sections,
        verification: None,
        ..invoice_pdf::table(&content.lines, (document.total, document.vat), document.vat_rate_basis_points, locale)
    }
}

/// `By card, 26.11.2026` and `10,000.00 (reference 632613512345)`.
fn money(received: &Received, locale: Locale) -> (String, String) {
    let way = if received.kind == "transfer" { Label::ByTransfer } else { Label::ByCard };
    let sum = received.amount.format_line(locale);
    let reference = match received.reference.as_str() {
        "" => sum,
        reference => format!("{sum} ({} {reference})", Label::BankReference.text(locale)),
    };
    (format!("{}, {}", way.text(locale), format_date(received.on)), reference)
}
