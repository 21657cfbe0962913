//! identity's settings.

use chassis::config::Validate;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub password: PasswordConfig,
    pub session: SessionConfig,
    pub guessing: GuessingConfig,
    pub flood: FloodConfig,
    pub invitation: InvitationConfig,
    pub letters: LettersConfig,
    pub consent: ConsentConfig,
    pub client_search: GuessingConfig,
    pub own_data: GuessingConfig,
    pub closing: ClosingConfig,
    pub documents: DocumentsConfig,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentsConfig {
    pub size_mib_max: u32,
    pub files_max: u32,
    pub orphan_hours: u64,
    pub pages_max: usize,
    pub megapixels_max: u64,
    pub scanner: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosingConfig {
    pub erase_after_days: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordConfig {
    pub length_min: usize,
    pub length_min_staff: usize,
    pub memory_kib: u32,
    pub iterations: u32,
    pub hashing_max: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionConfig {
    pub idle_hours: u64,
    pub absolute_hours: u64,
    pub token_seconds: u32,
    pub refresh_days: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuessingConfig {
    pub free_attempts: u32,
    pub wait_seconds_first: u64,
    pub wait_seconds_max: u64,
    pub forget_minutes: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloodConfig {
    pub failures_per_minute: u32,
    pub known_days: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationConfig {
    pub valid_hours: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LettersConfig {
    pub verify_hours: u64,
    pub reset_minutes: u64,
    pub change_hours: u64,
    pub code_minutes: u64,
    pub code_by: CodeWay,
    pub opened_hours: u64,
    pub per_address: GuessingConfig,
    pub per_client: GuessingConfig,
}

/// How the code for another phone is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeWay {
    Sms,
    Email,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentConfig {
    pub file: String,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.password.length_min < 8 {
            faults.push("password.length_min: must be 8 or more".to_owned());
        }
        if self.password.memory_kib < 8 || self.password.iterations == 0 || self.password.hashing_max == 0 {
            faults.push("password: memory_kib must be 8 or more, iterations and hashing_max 1 or more".to_owned());
        }
        if self.session.token_seconds < 10 || self.session.token_seconds > 300 {
            faults.push("session.token_seconds: must be 10 to 300".to_owned());
        }
        if self.flood.failures_per_minute == 0 {
            faults.push("flood.failures_per_minute: must be 1 or more".to_owned());
        }
        if self.letters.verify_hours == 0
            || self.letters.reset_minutes == 0
            || self.letters.change_hours == 0
            || self.letters.code_minutes == 0
        {
            faults.push("letters: verify_hours, reset_minutes and change_hours must be 1 or more".to_owned());
        }
        if self.letters.opened_hours == 0 {
            faults.push("letters.opened_hours: must be 1 or more".to_owned());
        }
        if self.documents.size_mib_max == 0 || self.documents.files_max == 0 || self.documents.orphan_hours == 0 {
            faults.push("documents: size_mib_max, files_max and orphan_hours must be 1 or more".to_owned());
        }
        if self.closing.erase_after_days == 0 {
            faults.push("closing.erase_after_days: must be 1 or more".to_owned());
        }
        faults
    }
}
