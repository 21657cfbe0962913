//! The refusals of participants.

use kernel::Code;

pub const PARTICIPANT_UNKNOWN: Code = Code::new("PARTICIPANT_UNKNOWN");
pub const PARTICIPANT_INACTIVE: Code = Code::new("PARTICIPANT_INACTIVE");
pub const LOOK_UP_SLOWED: Code = Code::new("LOOK_UP_SLOWED");
pub const STATUS_UNKNOWN: Code = Code::new("STATUS_UNKNOWN");
pub const BIN_TWICE: Code = Code::new("BIN_TWICE");
pub const ROWS_NONE: Code = Code::new("ROWS_NONE");
pub const ROWS_TOO_MANY: Code = Code::new("ROWS_TOO_MANY");

/// All of them, for the test that each has its text.
pub const ALL: &[Code] =
    &[PARTICIPANT_UNKNOWN, PARTICIPANT_INACTIVE, LOOK_UP_SLOWED, STATUS_UNKNOWN, BIN_TWICE, ROWS_NONE, ROWS_TOO_MANY];
