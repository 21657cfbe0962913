//! A document of the money that goes to its payer: the invoice, a receipt of what was confirmed of it, a credit note, the
//! act of services. Numbered, frozen when it is issued, and verifiable by its code.

use jiff::civil::Date;
use kernel::{AccountId, ApplicationNumber, InvoiceId, Money, VatRate, coded};
use serde::{Deserialize, Serialize};

use super::{
    invoice::{Invoice, Line},
    payer::Payer,
    refund::RefundLine,
};
use crate::config::Beneficiary;

coded! {
    /// What it is.
    DocumentKind {
        Invoice = "invoice",
        PaymentReceipt = "payment_receipt",
        CreditNote = "credit_note",
        Act = "act",
    }
}

/// Letters and digits that nobody takes for another one.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];
const CODE_LENGTH: usize = 16;

/// By what a copy is verified: sixteen signs out of eighty bits that nobody can guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VerificationCode(String);

impl VerificationCode {
    pub(crate) fn from_bytes(bytes: [u8; CODE_LENGTH]) -> Self {
        Self(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).collect())
    }

    /// As somebody read it off paper: blanks, hyphens, small letters, and letters that look like digits.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let signs = typed.chars().filter(|sign| !sign.is_whitespace() && *sign != '-');
        let meant = signs.map(|sign| match sign.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let code: String = meant.take(CODE_LENGTH + 1).collect();
        (code.len() == CODE_LENGTH && code.chars().all(|sign| ALPHABET.contains(&sign))).then_some(Self(code))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// `7K2M-9QPD-…`, as it is printed.
    pub(crate) fn grouped(&self) -> String {
        let signs: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }
}

/// Money by which an invoice was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Received {
    /// "charge" or "transfer".
    pub kind: String,
    /// The bank's.
    pub reference: String,
    pub on: Date,
    pub amount: Money,
}

/// What is printed, of all but the invoice, which keeps its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// The invoice it belongs to.
    pub invoice_number: String,
    pub invoice_date: Date,
    pub beneficiary: Beneficiary,
    pub payer: Payer,
    pub lines: Vec<Line>,
    pub received: Vec<Received>,
}

#[derive(Clone)]
pub(crate) struct Document {
    pub code: VerificationCode,
    pub kind: DocumentKind,
    pub document_number: String,
    pub document_date: Date,
    pub application: ApplicationNumber,
    pub account: AccountId,
    pub invoice: InvoiceId,
    /// What it was issued for: one document of a kind for each.
    pub subject: String,
    pub total: Money,
    pub vat: Money,
    pub vat_rate_basis_points: u16,
    /// None of an invoice.
    pub content: Option<Content>,
    /// SHA-256 of what is printed, hexadecimal.
    pub sha256: String,
}

impl Document {
    /// An invoice's own.
    pub(crate) fn of_invoice(code: VerificationCode, invoice: &Invoice) -> Self {
        Self {
            code,
            kind: DocumentKind::Invoice,
            document_number: invoice.document_number.clone(),
            document_date: invoice.document_date,
            application: invoice.application,
            account: invoice.account,
            invoice: invoice.id,
            subject: invoice.id.to_string(),
            total: invoice.total,
            vat: invoice.vat,
            vat_rate_basis_points: invoice.vat_rate_basis_points,
            content: None,
            sha256: String::new(),
        }
    }

    /// One that follows an invoice.
    pub(crate) fn after(
        code: VerificationCode,
        invoice: &Invoice,
        (kind, subject): (DocumentKind, &str),
        (document_number, document_date): (String, Date),
        (total, rate): (Money, VatRate),
        (lines, received): (Vec<Line>, Vec<Received>),
    ) -> Self {
        Self {
            kind,
            document_number,
            document_date,
            subject: subject.to_owned(),
            total,
            vat: total.vat_inside(rate),
            vat_rate_basis_points: rate.basis_points(),
            content: Some(Content {
                invoice_number: invoice.document_number.clone(),
                invoice_date: invoice.document_date,
                beneficiary: invoice.content.beneficiary.clone(),
                payer: invoice.payer.clone(),
                lines,
                received,
            }),
            ..Self::of_invoice(code, invoice)
        }
    }
}

/// What is left of an invoice's lines when so many of them have been given back.
pub(crate) fn remaining(lines: &[Line], given_back: &[RefundLine]) -> Vec<Line> {
    let of = |number: u32| -> u32 {
        given_back.iter().filter(|back| back.number == number).fold(0, |sum, back| sum.saturating_add(back.quantity))
    };
    let left = lines.iter().zip(1_u32..).map(|(line, number)| (line, line.quantity.saturating_sub(of(number))));
    left.filter_map(|(line, quantity)| with_quantity(line, quantity)).collect()
}

/// The lines that a refund names.
pub(crate) fn named(lines: &[Line], wanted: &[RefundLine]) -> Vec<Line> {
    let found = lines.iter().zip(1_u32..).filter_map(|(line, number)| {
        let wanted = wanted.iter().find(|wanted| wanted.number == number)?;
        with_quantity(line, wanted.quantity)
    });
    found.collect()
}

fn with_quantity(line: &Line, quantity: u32) -> Option<Line> {
    let amount = line.unit_price.checked_mul(quantity)?;
    (quantity > 0).then(|| Line { quantity, amount, ..line.clone() })
}

/// These lines where they make up the sum; else one line of that sum, since a part of a price belongs to no line.
pub(crate) fn making_up(lines: Vec<Line>, sum: Money, otherwise: &Line) -> Vec<Line> {
    if Money::sum(lines.iter().map(|line| line.amount)) == Some(sum) {
        return lines;
    }
    vec![Line { quantity: 1, unit_price: sum, amount: sum, ..otherwise.clone() }]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

    use super::*;

    #[test]
    fn a_code_is_read_as_it_was_meant() {
        let code = VerificationCode::from_bytes(std::array::from_fn(|index| u8::try_from(index).unwrap() + 240));
        assert_eq!(code.as_str(), "GHJKMNPQRSTVWXYZ");
        assert_eq!(VerificationCode::parse(" ghjk-mnpq rstv-wxyz"), Some(code.clone()));
        assert_eq!(VerificationCode::parse(&code.grouped()), Some(code));
        assert_eq!(VerificationCode::parse("oOiIlL0123456789").unwrap().as_str(), "0011110123456789");
        for wrong in ["", "GHJKMNPQRSTVWXY", "GHJKMNPQRSTVWXYZ0", "GHJKMNPQRSTVWXYU", "ЖHJKMNPQRSTVWXYZ"] {
            assert_eq!(VerificationCode::parse(wrong), None, "{wrong}");
        }
    }
}
