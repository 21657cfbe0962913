//! applications' settings.

use chassis::config::Validate;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub catalogue_file: String,
    pub forms_file: String,
    pub offer_file: String,
    pub consent_file: String,
    pub documents: DocumentsConfig,
    pub limits: LimitsConfig,
    pub retention: RetentionConfig,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentsConfig {
    pub size_mib_max: usize,
    pub files_max: usize,
    pub orphan_hours: u64,
    pub pages_max: usize,
    pub megapixels_max: u64,
    pub scanner: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names are the settings' keys")]
pub struct LimitsConfig {
    pub lines_max: usize,
    pub quantity_max: u32,
    pub thread_max: u32,
    pub reads_max: u64,
    pub returns_max: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionConfig {
    pub ended_days: u64,
    pub draft_days: u64,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !(1..=64).contains(&self.documents.size_mib_max) {
            faults.push("documents.size_mib_max: must be 1 to 64".to_owned());
        }
        if self.documents.pages_max == 0 || !(1..=200).contains(&self.documents.megapixels_max) {
            faults
                .push("documents.pages_max, documents.megapixels_max: must be 1 or more, pixels up to 200".to_owned());
        }
        if !(30..=36_500).contains(&self.retention.ended_days) {
            faults.push("retention.ended_days: must be 30 to 36500".to_owned());
        }
        if !(30..=36_500).contains(&self.retention.draft_days) {
            faults.push("retention.draft_days: must be 30 to 36500".to_owned());
        }
        if self.documents.files_max == 0 || self.limits.lines_max == 0 || self.limits.quantity_max == 0 {
            faults.push("documents.files_max, limits.lines_max, limits.quantity_max: must be 1 or more".to_owned());
        }
        if self.limits.thread_max == 0 || self.limits.returns_max == 0 {
            faults.push("limits.thread_max, limits.returns_max: must be 1 or more".to_owned());
        }
        faults
    }
}
