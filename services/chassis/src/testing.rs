//! One service brought up alone for its tests, or several side by side: a private folder and database, its own gRPC server over a pipe, a clock
//! moved by hand, tokens of a test's own key, scripted stand-ins for the other services, facts handed in and read out.
//! Behind the feature `testing`, which only dev-dependencies enable.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    reason = "test code: a failed expectation is the test's answer"
)]

mod alone;
mod caller;
mod coverage;
mod database;
mod fakes;
mod lists;
mod object_storage;
pub mod people;
mod together;
mod tokens;
pub mod until;

pub use alone::{Alone, Delivered};
pub use caller::{Caller, refusal};
pub use coverage::Coverage;
pub use database::{database, sqlite};
pub use fakes::{Fakes, Seen, refuse};
pub use lists::first_changed;
pub use object_storage::{Conduct, ObjectStorage};
pub use together::{Running, Together};
pub use tokens::TestKeys;
