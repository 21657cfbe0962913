//! The gateway alone, against stand-ins of the services: every page, the guards around them, the JSON API.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail where it stands")]

mod accounts;
mod api;
mod browser;
mod desk;
mod guards;
mod listener;
mod offices;
mod pages;
mod samples;
