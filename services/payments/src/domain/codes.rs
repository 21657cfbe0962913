//! The refusals of payments.

use kernel::Code;

pub const TERMS_NOT_ACCEPTED: Code = Code::new("TERMS_NOT_ACCEPTED");
pub const INVOICE_NOT_PAYABLE: Code = Code::new("INVOICE_NOT_PAYABLE");
pub const ATTEMPT_LIVE: Code = Code::new("ATTEMPT_LIVE");

/// All of them, for the test that each has its text.
pub const ALL: &[Code] = &[TERMS_NOT_ACCEPTED, INVOICE_NOT_PAYABLE, ATTEMPT_LIVE];
