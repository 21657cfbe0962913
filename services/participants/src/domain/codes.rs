//! The refusals of participants.

use kernel::Code;

macro_rules! codes {
    ($($name:ident),* $(,)?) => {
        $(pub const $name: Code = Code::new(stringify!($name));)*

        /// All of them, for the test that each has its text.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    PARTICIPANT_UNKNOWN,
    PARTICIPANT_INACTIVE,
    LOOK_UP_SLOWED,
    STATUS_UNKNOWN,
    BIN_TWICE,
    ROWS_NONE,
    ROWS_TOO_MANY,
    LIST_TOO_LONG,
    FILE_UNREADABLE,
    COLUMN_MISSING,
    COLUMN_UNKNOWN,
    IMPORT_STALE,
}
