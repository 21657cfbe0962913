//! The settings of all parts, by section.

use std::path::Path;

use chassis::{
    config::{ChassisConfig, Settings, Validate},
    service::Service,
};
use serde::Deserialize;

/// The gateway's settings, with their check.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct GatewayConfig(pub gateway::Config);

impl Validate for GatewayConfig {
    fn faults(&self) -> Vec<String> {
        let named = self.0.validate();
        named.into_iter().map(|fault| fault.trim_start_matches("gateway.").to_owned()).collect()
    }
}

/// Built-in defaults, then the file, then the environment.
pub fn load(file: Option<&Path>) -> Settings {
    Settings::load(
        &[
            ("chassis", chassis::config::DEFAULTS),
            ("gateway", gateway::DEFAULTS),
            (identity::Identity::NAME, identity::Identity::DEFAULTS),
            (participants::Participants::NAME, participants::Participants::DEFAULTS),
            (applications::Applications::NAME, applications::Applications::DEFAULTS),
            (billing::Billing::NAME, billing::Billing::DEFAULTS),
            (payments::Payments::NAME, payments::Payments::DEFAULTS),
            (booking::Booking::NAME, booking::Booking::DEFAULTS),
            (notifications::Notifications::NAME, notifications::Notifications::DEFAULTS),
        ],
        file,
    )
}

/// Reads every section; the faults of all of them are then in `settings.faults()`.
pub fn validate_all(settings: &mut Settings) {
    settings.section::<ChassisConfig>("chassis");
    settings.section::<GatewayConfig>("gateway");
    settings.section::<<identity::Identity as Service>::Config>("identity");
    settings.section::<<participants::Participants as Service>::Config>("participants");
    settings.section::<<applications::Applications as Service>::Config>("applications");
    settings.section::<<billing::Billing as Service>::Config>("billing");
    settings.section::<<payments::Payments as Service>::Config>("payments");
    settings.section::<<booking::Booking as Service>::Config>("booking");
    settings.section::<<notifications::Notifications as Service>::Config>("notifications");
}
