//! The settings of all parts, by section.

use std::path::Path;

use chassis::config::{ChassisConfig, Settings};

use crate::services;

/// Built-in defaults, then the file, then the environment.
pub fn load(file: Option<&Path>) -> Settings {
    let mut sections = vec![("chassis", chassis::config::DEFAULTS), ("gateway", gateway::DEFAULTS)];
    sections.extend(services::sections());
    Settings::load(&sections, file, false)
}

/// Reads every section; the faults of all of them are then in `settings.faults()`.
pub fn validate_all(settings: &mut Settings) {
    settings.section::<ChassisConfig>("chassis");
    settings.section::<gateway::process::Section>("gateway");
    services::validate(settings);
}
