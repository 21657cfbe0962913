//! The all-in-one portal: composition root over all services and the gateway, nothing else.

pub mod check;
mod demo;
pub mod dev;
pub mod options;
pub mod portal;
pub mod services;
mod settings;
pub mod setup;

pub use options::Options;
pub use portal::Portal;
pub use settings::{load as load_settings, validate_all};

/// Every refusal of every service, for the test that each has its text.
pub fn refusals() -> Vec<kernel::Code> {
    [
        kernel::ALL_CODES,
        chassis::error::codes::ALL,
        identity::REFUSALS,
        applications::REFUSALS,
        participants::REFUSALS,
        billing::REFUSALS,
        payments::REFUSALS,
        booking::REFUSALS,
        notifications::REFUSALS,
    ]
    .concat()
}
