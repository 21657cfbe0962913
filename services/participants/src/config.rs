//! participants' settings.

use chassis::config::Validate;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub look_ups_per_minute: u32,
    pub import_rows_max: usize,
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
        faults
    }
}
