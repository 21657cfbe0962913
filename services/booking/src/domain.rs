//! The rules: when the office can be visited, and what may become of an appointment.

pub(crate) mod appointment;
pub(crate) mod codes;
pub(crate) mod plan;
pub(crate) mod queue;
pub(crate) mod room;
