//! An invoice: immutable from its issue.

use jiff::civil::Date;
use kernel::{AccountId, ApplicationNumber, InvoiceId, Localized, Money, coded};
use serde::{Deserialize, Serialize};

use super::payer::Payer;
use crate::config::Beneficiary;

coded! {
    /// State of an invoice.
    InvoiceState {
        Issued = "issued",
        PartlyPaid = "partly_paid",
        Paid = "paid",
        PartlyCredited = "partly_credited",
        Credited = "credited",
        Void = "void",
        Expired = "expired",
    }
}

impl InvoiceState {
    /// Whether money for it counts.
    pub(crate) fn is_payable(self) -> bool {
        matches!(self, Self::Issued | Self::PartlyPaid)
    }
}

/// One line, as approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub product_code: String,
    pub description: String,
    pub quantity: u32,
    pub unit_price: Money,
    pub amount: Money,
}

/// What is printed and never changes, but for the payer, which is stored sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    pub beneficiary: Beneficiary,
    pub lines: Vec<Line>,
    pub notes: Vec<Localized>,
    pub terms: Localized,
}

#[derive(Clone)]
pub(crate) struct Invoice {
    pub id: InvoiceId,
    pub application: ApplicationNumber,
    pub account: AccountId,
    pub state: InvoiceState,
    /// `P-O/2024/188`.
    pub document_number: String,
    pub document_date: Date,
    pub due_date: Date,
    /// Six digits.
    pub reference_number: String,
    pub total: Money,
    /// What has been confirmed of it.
    pub settled: Money,
    pub vat: Money,
    pub vat_rate_basis_points: u16,
    pub payer: Payer,
    pub content: Content,
}
