//! What a payer shows for a transfer: a claim, until staff find the money on the account.

use jiff::civil::Date;
use kernel::{InvoiceId, Money, Time, coded};

coded! {
    /// State of a receipt.
    ReceiptState {
        Receiving = "receiving",
        Waiting = "waiting",
        Matched = "matched",
        Declined = "declined",
        Unneeded = "unneeded",
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Receipt {
    pub id: String,
    pub invoice: InvoiceId,
    pub amount: Money,
    pub paid_on: Date,
    pub file_name: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub state: ReceiptState,
    /// Why staff declined it.
    pub reason: String,
    pub uploaded_by: String,
    /// Staff uploaded it for the applicant.
    pub on_behalf: bool,
    pub uploaded_at: Time,
}
