//! The refusals of billing.

use kernel::Code;

macro_rules! codes {
    ($($name:ident),* $(,)?) => {
        $(pub const $name: Code = Code::new(stringify!($name));)*

        /// All of them, for the test that each has its text.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    CHOICE_UNKNOWN, TAX_NUMBER_MALFORMED,
    ALREADY_PAID, PAYMENT_UNDER_WAY, MONEY_RECEIVED, BILLABLE_CLOSED, BILLABLE_EXPIRED,
    TERMS_NOT_ACCEPTED, INVOICE_NOT_PAYABLE, ATTEMPT_LIVE,
    PAYMENT_NOT_PENDING, EVIDENCE_SHORT, REASON_MISSING,
    DATE_AHEAD, FILES_TOO_MANY, FILE_TOO_LARGE,
    REFUND_OPEN, REFUND_NOTHING, REFUND_LINES, REFUND_STATE, REFUND_ACCOUNT_MISSING, FOUR_EYES,
    RECEIPT_OWN, RECEIPT_DECIDED, TRANSFER_KNOWN, TRANSFER_PARTS, INVOICE_UNKNOWN,
}
