//! What payers type, and what is wrong with it.

use serde::Deserialize;

use crate::card;
use crate::clock;
use crate::web::text::Text;

/// The card form; never kept.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct CardForm {
    pan: String,
    expiry: String,
    cvc: String,
    name: String,
}

/// The one-time code.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    pub(super) code: String,
}

/// A field and what is wrong with it.
pub(super) struct Fault {
    pub(super) field: &'static str,
    pub(super) message: &'static str,
}

impl CardForm {
    /// The number without blanks.
    pub(super) fn pan(&self) -> String {
        self.pan.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
    }

    /// The name as typed; the only field shown again.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// All faults, in the order of the form.
    pub(super) fn faults(&self, text: &'static Text) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !card::luhn(&self.pan()) {
            faults.push(Fault { field: "pan", message: text.fault_pan });
        }
        if !self.expiry_is_ahead() {
            faults.push(Fault { field: "expiry", message: text.fault_expiry });
        }
        let cvc = self.cvc.trim();
        if !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|b| b.is_ascii_digit()) {
            faults.push(Fault { field: "cvc", message: text.fault_cvc });
        }
        let name = self.name.trim();
        let latin = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.');
        if name.is_empty() || name.len() > 60 || !name.chars().all(latin) {
            faults.push(Fault { field: "name", message: text.fault_name });
        }
        faults
    }

    /// `MM/YY`, `MMYY` or `MM/YYYY`, not before this month.
    fn expiry_is_ahead(&self) -> bool {
        let digits: String = self.expiry.chars().filter(char::is_ascii_digit).collect();
        let (month, year) = digits.split_at(digits.len().min(2));
        let month: i8 = month.parse().unwrap_or(0);
        let year: i16 = match (year.len(), year.parse::<i16>()) {
            (2, Ok(year)) => 2000 + year,
            (4, Ok(year)) => year,
            _ => return false,
        };
        (1..=12).contains(&month) && (year, month) >= clock::year_and_month()
    }
}
