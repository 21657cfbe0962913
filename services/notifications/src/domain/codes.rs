//! The refusals of notifications.

use kernel::Code;

macro_rules! codes {
    ($($name:ident),* $(,)?) => {
        $(pub const $name: Code = Code::new(stringify!($name));)*

        /// All of them, for the test that each has its text.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    TEXT_MALFORMED, PLACEHOLDER_UNKNOWN, PLACEHOLDER_MISSING, TEXT_NO_DRAFT, TEXT_DAY_PAST, REASON_MISSING,
    DELIVERY_NOT_FAILED,
}
