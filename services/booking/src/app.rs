//! Use-cases, one a file: load, decide, save, tell the facts.

pub(crate) mod book_appointments;
pub(crate) mod cancel_appointment;
pub(crate) mod measure;
pub(crate) mod move_appointment;
pub(crate) mod rights;

use chassis::Context;
use kernel::WorkingCalendar;

use crate::config::Config;

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    pub calendar: WorkingCalendar,
}
