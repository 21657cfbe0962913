//! The gateway alone, against stand-ins of the services: every page, the guards around them, the JSON API.

mod api;
mod browser;
mod fakes;
mod guards;
mod pages;
mod samples;
