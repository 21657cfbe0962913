//! The chassis under a small service of the tests' own: units of work, keys, facts, calls.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail where it stands"
)]

mod bus;
mod calls;
mod commands;
mod counters;
mod database;
mod facts;
mod files;
mod killers;
mod registry;
