//! The rules: payer, invoice, payment status.

pub(crate) mod billable;
pub(crate) mod codes;
pub(crate) mod document;
pub(crate) mod evidence;
pub(crate) mod expiry;
pub(crate) mod invoice;
pub(crate) mod ledger;
pub(crate) mod payer;
pub(crate) mod receipt;
pub(crate) mod refund;
pub(crate) mod setting;
pub(crate) mod statement;
pub(crate) mod status;
