//! What the invoice's PDF says: the same as the page, in one language; and what all documents of the money share.

use std::sync::Arc;

use chassis::Error;
use kernel::{Iban, Locale, Money, format_date};
use typesetting::{InvoiceContent, Section, Typesetter};

use super::{Ports, labels::Label};
use crate::domain::{
    invoice::{Invoice, Line},
    payer::Payer,
};

/// Sets a document; the fonts are loaded with the first.
pub(crate) async fn typeset(ports: &Ports, content: InvoiceContent) -> Result<Vec<u8>, Error> {
    let typesetter = ports
        .typesetter
        .get_or_try_init(|| async {
            let made =
                tokio::task::spawn_blocking(Typesetter::new).await.map_err(|error| Error::Internal(error.into()))?;
            Ok::<_, Error>(Arc::new(made))
        })
        .await?;
    let typesetter = Arc::clone(typesetter);
    tokio::task::spawn_blocking(move || typesetter.invoice(&content))
        .await
        .map_err(|error| Error::Internal(error.into()))?
        .map_err(|error| Error::Internal(error.into()))
}

pub(crate) fn content(invoice: &Invoice, locale: Locale) -> InvoiceContent {
    let row = |label: Label, value: &str| (label.text(locale).to_owned(), value.to_owned());
    let beneficiary = &invoice.content.beneficiary;
    let iban =
        Iban::parse(&beneficiary.iban).map_or_else(|_| beneficiary.iban.clone(), |iban| iban.as_str().to_owned());
    let currency = invoice.total.currency().code();
    let document = Section {
        heading: Label::Invoice.text(locale).to_owned(),
        rows: vec![
            row(Label::ApplicationId, &invoice.application.to_string()),
            row(Label::DocumentNumber, &invoice.document_number),
            row(Label::DocumentDate, &format_date(invoice.document_date)),
            row(Label::DueDate, &format_date(invoice.due_date)),
            row(Label::CurrencyCode, currency),
            row(Label::Total, &invoice.total.format_total(locale)),
            row(Label::AccountName, &beneficiary.account_name),
            row(Label::Reference, &invoice.reference_number),
        ],
    };
    let address = Section {
        heading: Label::BeneficiaryAddress.text(locale).to_owned(),
        rows: vec![
            row(Label::LegalAddress, beneficiary.legal_address.get(locale)),
            row(Label::ActualAddress, beneficiary.actual_address.get(locale)),
            row(Label::BeneficiaryCode, &beneficiary.code),
            row(Label::City, beneficiary.city.get(locale)),
            row(Label::CountryCode, &beneficiary.country_code),
            row(Label::ContactPhone, &beneficiary.contact_phone),
        ],
    };
    let bank = Section {
        heading: Label::BankCredentials.text(locale).to_owned(),
        rows: vec![
            row(Label::IdentificationNumber, &beneficiary.identification_number),
            row(Label::Bank, &beneficiary.bank),
            row(Label::BankCode, &beneficiary.bank_code),
            row(Label::Iban, &format!("{iban} ({currency})")),
            row(Label::Ppc, &beneficiary.payment_purpose_code),
        ],
    };
    let payer = Section { heading: Label::PayerInformation.text(locale).to_owned(), rows: payer(&invoice.payer, &row) };
    InvoiceContent {
        title: Label::Title.text(locale).to_owned(),
        language: locale.code().to_owned(),
        notes: invoice.content.notes.iter().map(|note| note.get(locale).to_owned()).collect(),
        sections: vec![document, address, bank, payer],
        footer: vec![format!("{}. {}", Label::Terms.text(locale), invoice.content.terms.get(locale))],
        ..table(&invoice.content.lines, (invoice.total, invoice.vat), invoice.vat_rate_basis_points, locale)
    }
}

/// Lines and sums, as every document shows them.
pub(super) fn table(lines: &[Line], (total, vat): (Money, Money), vat_rate: u16, locale: Locale) -> InvoiceContent {
    let headings =
        [Label::LineNumber, Label::ProductCode, Label::Description, Label::UnitPrice, Label::Quantity, Label::Amount];
    let lines = lines.iter().zip(1_u32..).map(|(line, number)| {
        vec![
            number.to_string(),
            line.product_code.clone(),
            line.description.clone(),
            line.unit_price.format_line(locale),
            line.quantity.to_string(),
            line.amount.format_line(locale),
        ]
    });
    let rate = kernel::VatRate::from_basis_points(vat_rate);
    InvoiceContent {
        line_headings: headings.into_iter().map(|label| label.text(locale).to_owned()).collect(),
        lines: lines.collect(),
        totals: vec![
            (format!("{} {rate} %", Label::VatInside.text(locale)), vat.format_line(locale)),
            (Label::Total.text(locale).to_owned(), total.format_line(locale)),
        ],
        ..InvoiceContent::default()
    }
}

/// A person as the guide prints him; a legal entity by its BIN and bank.
pub(super) fn payer(payer: &Payer, row: &impl Fn(Label, &str) -> (String, String)) -> Vec<(String, String)> {
    let name = row(Label::PayerName, &payer.name());
    if !payer.is_legal() {
        return vec![name, row(Label::PayerIin, &payer.tax_number), row(Label::PayerIdentity, &payer.identity_number)];
    }
    let iban = Iban::parse(&payer.iban).map_or_else(|_| payer.iban.clone(), |iban| iban.grouped());
    let mut rows = vec![
        name,
        row(Label::PayerBin, &payer.bin),
        row(Label::PayerCode, payer.code()),
        row(Label::PayerAddress, &payer.address()),
        row(Label::PayerBank, &payer.bank),
        row(Label::PayerBic, &payer.bic),
        row(Label::PayerIban, &iban),
    ];
    if !payer.contract_number.is_empty() {
        rows.push(row(Label::ContractNumber, &payer.contract_number));
    }
    rows
}
