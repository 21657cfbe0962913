//! Papers that may be kept with an account: who its owner is, and for whom he acts.

use kernel::coded;

use super::account::Kind;

coded! {
    /// State of a stored file; one that its owner has removed goes with the next sweep.
    PaperState {
        Receiving = "receiving",
        Stored = "stored",
        Removed = "removed",
    }
}

/// Codes of the papers, in the order of the page.
pub(crate) fn codes(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Person => &["id_copy"],
        Kind::Company { .. } => &["registration_certificate", "head_order", "power_of_attorney"],
    }
}
