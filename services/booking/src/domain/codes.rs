//! The refusals of booking.

use kernel::Code;

macro_rules! codes {
    ($($name:ident),* $(,)?) => {
        $(pub const $name: Code = Code::new(stringify!($name));)*

        /// All of them, for the test that each has its text.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    BOOKING_NOT_OPEN, SLOT_FULL, SLOT_UNKNOWN, SLOT_TOO_SOON, ALREADY_BOOKED, ITEM_UNKNOWN, APPOINTMENTS_NONE,
    CANCEL_TOO_LATE, APPOINTMENT_STATE, SLOTS_NOT_IN_A_ROW, HOLD_EXPIRED, MOVE_TOO_LATE, MOVED_TOO_OFTEN,
}
