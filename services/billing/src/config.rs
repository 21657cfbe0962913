//! billing's settings: beneficiary, VAT by date, texts of the invoice.

use chassis::config::Validate;
use jiff::civil::Date;
use kernel::{Bin, Iban, Localized, VatRate};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub tax_number_strict: bool,
    pub valid_days: i32,
    pub grace_bank_days: u32,
    pub calendar_file: String,
    pub series: String,
    /// Of credit notes.
    pub credit_note_series: String,
    /// Of receipts of payments.
    pub receipt_series: String,
    /// Of acts of services.
    pub act_series: String,
    /// Where documents are verified.
    pub portal_url: String,
    /// Working days in which a refund is due, and after which staff are warned.
    pub refund_days: u32,
    pub refund_amber_days: u32,
    pub refund_red_days: u32,
    pub reference_first: i64,
    pub cancellation_hold_seconds: u64,
    pub vat: Vec<Vat>,
    pub beneficiary: Beneficiary,
    pub texts: Texts,
    pub receipts: Receipts,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    pub size_mib_max: usize,
    pub files_max: usize,
    pub orphan_hours: u64,
    pub pages_max: usize,
    pub megapixels_max: u64,
    pub scanner: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vat {
    pub from: Date,
    pub rate_basis_points: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Beneficiary {
    pub account_name: String,
    pub legal_address: Localized,
    pub actual_address: Localized,
    pub code: String,
    pub city: Localized,
    pub country_code: String,
    pub contact_phone: String,
    pub identification_number: String,
    pub bank: String,
    pub bank_code: String,
    pub iban: String,
    pub payment_purpose_code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Above the payer form, and as Terms&Conditions below the invoice.
    pub disclaimer: Localized,
    pub notes: Vec<Localized>,
}

impl Config {
    /// The rate that counts on a day.
    pub(crate) fn vat_on(&self, day: Date) -> VatRate {
        self.vat_change(day).map_or(VatRate::ZERO, |vat| VatRate::from_basis_points(vat.rate_basis_points))
    }

    /// The last change up to a day.
    pub(crate) fn vat_change(&self, day: Date) -> Option<&Vat> {
        self.vat.iter().filter(|vat| vat.from <= day).max_by_key(|vat| vat.from)
    }
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if Iban::parse(&self.beneficiary.iban).is_err() {
            faults.push("beneficiary.iban: no valid IBAN".to_owned());
        }
        if Bin::parse(&self.beneficiary.identification_number).is_err() {
            faults.push("beneficiary.identification_number: no valid BIN".to_owned());
        }
        if self.vat.is_empty() {
            faults.push("vat: at least one rate is needed".to_owned());
        }
        let series = [&self.series, &self.credit_note_series, &self.receipt_series, &self.act_series];
        if series.iter().enumerate().any(|(index, one)| series.iter().skip(index + 1).any(|other| one == other)) {
            faults.push("series: those of invoices, credit notes, receipts and acts must differ".to_owned());
        }
        if !self.portal_url.starts_with("http") {
            faults.push("portal_url: the portal's public address is needed".to_owned());
        }
        if !(1..=64).contains(&self.receipts.size_mib_max) || self.receipts.files_max == 0 {
            faults.push("receipts.size_mib_max: must be 1 to 64; receipts.files_max: 1 or more".to_owned());
        }
        if self.receipts.pages_max == 0 || !(1..=200).contains(&self.receipts.megapixels_max) {
            faults.push("receipts.pages_max, receipts.megapixels_max: must be 1 or more, pixels up to 200".to_owned());
        }
        if !(1..=366).contains(&self.valid_days) {
            faults.push("valid_days: must be 1 to 366".to_owned());
        }
        if self.grace_bank_days > 30 {
            faults.push("grace_bank_days: must be 0 to 30".to_owned());
        }
        if self.texts.disclaimer.is_incomplete() || self.texts.notes.iter().any(Localized::is_incomplete) {
            faults.push("texts: a language is missing".to_owned());
        }
        faults
    }
}
