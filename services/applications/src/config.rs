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
    pub calendar_file: String,
    pub documents: DocumentsConfig,
    pub limits: LimitsConfig,
    pub retention: RetentionConfig,
    pub terms: TermsConfig,
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

/// Working days of a step, 0 for none; and the applicant's calendar days.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsConfig {
    pub correction_days: u32,
    pub new: u32,
    pub in_review: u32,
    pub pending_approval: u32,
    pub in_progress: u32,
    pub ready_for_pickup: u32,
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
        let terms = &self.terms;
        if !(8..=366).contains(&terms.correction_days) {
            faults.push("terms.correction_days: must be 8 to 366".to_owned());
        }
        let steps = [terms.new, terms.in_review, terms.pending_approval, terms.in_progress, terms.ready_for_pickup];
        if steps.into_iter().any(|days| days > 366) {
            faults.push("terms: a step has 0 to 366 working days".to_owned());
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
