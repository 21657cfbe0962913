//! The bank's own word that money came: a charge that payments verified, or a transfer that staff found on the account.

use kernel::{ApplicationNumber, InvoiceId, Money, Time, coded};

coded! {
    /// How it came.
    EvidenceKind {
        Charge = "charge",
        Transfer = "transfer",
    }
}

#[derive(Clone)]
pub(crate) struct Evidence {
    /// The bank's operation, or the transfer's part: one counts once.
    pub operation: String,
    pub kind: EvidenceKind,
    pub application: ApplicationNumber,
    pub invoice: InvoiceId,
    pub attempt: String,
    pub amount: Money,
    /// The bank's reference, or its number of the document.
    pub reference: String,
    /// The bank's order number of a charge.
    pub order: String,
    pub approval_code: String,
    pub card_mask: String,
    pub at: Time,
    /// False: it came for an invoice that was paid or void already, or staff declined it; it waits to be given back.
    pub applied: bool,
    /// Staff confirmed it.
    pub confirmed: bool,
}

/// What speaks for an invoice, confirmed or not; nothing where the sum is too large.
pub(crate) fn shown(evidence: &[Evidence], invoice: InvoiceId) -> Option<Money> {
    Money::sum(evidence.iter().filter(|shown| shown.applied && shown.invoice == invoice).map(|shown| shown.amount))
}
