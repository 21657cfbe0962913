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
    CANCEL_TOO_LATE, APPOINTMENT_STATE, SLOTS_NOT_IN_A_ROW, HOLD_EXPIRED, MOVE_TOO_LATE, MOVED_TOO_OFTEN, DAY_PAST, DESKS_RANGE, SLOT_LENGTH_RANGE, HOURS_MALFORMED, HOLIDAYS_MALFORMED, VISITS_BOOKED, VISIT_CODE_UNKNOWN, CASE_UNKNOWN, DESK_UNKNOWN, QUEUE_EMPTY, MISSED_TOO_OFTEN,
    OFFICE_UNKNOWN, DAYS_NONE, DAY_LINE_MALFORMED, DAY_LINE_PAST, DAY_LINE_HOURS,
}
