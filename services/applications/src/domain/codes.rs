//! The refusals of applications.

use kernel::Code;

macro_rules! codes {
    ($($name:ident),* $(,)?) => {
        $(pub const $name: Code = Code::new(stringify!($name));)*

        /// All of them, for the test that each has its text.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    SERVICES_NONE, SERVICE_UNKNOWN, SERVICES_TOO_MANY, QUANTITY_OUT_OF_RANGE, TYPE_UNKNOWN, PERSONAL_MANAGER_NONE,
    NOT_EDITABLE, MOVE_NOT_ALLOWED, REASON_MISSING,
    MEMBERSHIP_MISSING, BIN_MISSING, MEMBERSHIP_UNVERIFIED,
    FIELD_REQUIRED, CHOICE_UNKNOWN, DATE_ORDER,
    PERSONS_COMPLETE, PERSONS_MISSING, PERSONS_TOO_MANY, PERSON_UNKNOWN, LINE_UNKNOWN,
    DOCUMENT_MISSING, DOCUMENT_ITEM_UNKNOWN, DOCUMENT_UNKNOWN, FILE_TYPE, FILE_TOO_LARGE, FILE_EMPTY, FILES_TOO_MANY,
    FILE_ACTIVE_CONTENT,
    OFFER_NOT_ACCEPTED, OFFER_CHANGED,
    ASSIGNEE_UNKNOWN, NOT_CLAIMED_BY_YOU, DOCUMENTS_NOT_ACCEPTED, MARKS_NONE, FOUR_EYES,
    ORIGINALS_NOT_DUE, ITEM_UNKNOWN, ITEMS_NONE, ITEMS_UNDECIDED,
    THREAD_FULL,
    PAYMENT_UNDER_WAY, MONEY_RECEIVED,
}

/// Refusals of the registry that are passed on at the BIN's field.
pub const REGISTRY: &[Code] = &[
    Code::new("PARTICIPANT_UNKNOWN"),
    Code::new("PARTICIPANT_INACTIVE"),
    Code::new("LOOK_UP_SLOWED"),
    Code::new("BIN_MALFORMED"),
    Code::new("BIN_CHECK_DIGIT"),
];
