//! participants' settings.

use chassis::config::Validate;
use kernel::Secret;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub look_ups_per_minute: u32,
    pub import_rows_max: usize,
    pub sync: Sync,
}

/// Where the register is fetched from, and how often.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sync {
    pub url: String,
    pub token: Secret,
    pub period_seconds: u64,
    pub changes_percent_max: u32,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.look_ups_per_minute == 0 {
            faults.push("look_ups_per_minute: must be 1 or more".to_owned());
        }
        if !(1..=5000).contains(&self.import_rows_max) {
            faults.push("import_rows_max: must be 1 to 5000".to_owned());
        }
        if !self.sync.url.is_empty() {
            if !["https://", "http://"].into_iter().any(|scheme| self.sync.url.starts_with(scheme)) {
                faults.push("sync.url: must be an http or https address, or empty".to_owned());
            }
            if self.sync.period_seconds < 60 {
                faults.push("sync.period_seconds: must be 60 or more".to_owned());
            }
        }
        if self.sync.changes_percent_max > 100 {
            faults.push("sync.changes_percent_max: must be 0 to 100".to_owned());
        }
        faults
    }
}
