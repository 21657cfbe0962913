//! The whole portal, through its public surfaces.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod access;
mod accounts;
mod contracts;
mod crashes;
mod desk;
mod family;
mod faults;
mod guesses;
mod holds;
mod hostile;
mod journeys;
mod money;
mod offices;
mod programs;
mod refunds;
mod returns;
mod roles;
mod rules;
mod sessions;
mod simulation;
mod statements;
mod tabs;
mod traces;
mod trust;
mod uploads;
mod walk;
