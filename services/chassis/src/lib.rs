//! What every process of the portal needs, and no context: configuration, telemetry, database, outbox and
//! inbox, bus, calls between services, tokens, sealing, files, idempotency, audit, workers and stopping.

pub mod audit;
pub mod auth;
pub mod bus;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod config;
pub mod consent;
pub mod context;
pub mod counter;
pub mod crash;
pub mod db;
pub mod demo;
pub mod dial;
pub mod error;
pub mod files;
pub mod health;
pub mod inbox;
pub mod lifecycle;
pub mod migrations;
pub mod operations;
pub mod outbox;
pub mod page;
pub mod ports;
pub mod relay;
pub mod seal;
pub mod server;
pub mod service;
pub mod status;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod wire;
pub mod worker;

pub use context::Context;
pub use db::{Database, Tx};
pub use error::{Error, Result};
pub use service::run;
