//! What the whole-system tests share: portals of their own, a client of the API, the journey step by step, a browser.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    reason = "test code: a failed expectation is the test's answer"
)]

pub mod api;
pub mod bank;
pub mod browser;
pub mod child;
pub mod collector;
pub mod commit_cutter;
pub mod journey;
pub mod load;
pub mod pages;
pub mod poll;
pub mod reflection;
pub mod simulation;
pub mod steadfast;
pub mod world;

pub use api::{Answer, Api};
pub use world::World;
