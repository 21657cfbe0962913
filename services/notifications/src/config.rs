//! notifications' settings.

use chassis::config::Validate;
use kernel::{Email, Secret};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub portal_url: String,
    pub retry_seconds: Vec<u64>,
    pub attempt_failed_delay_seconds: u64,
    pub period_seconds: u64,
    pub digest_hour: i8,
    pub calendar_file: String,
    pub centre: CentreConfig,
    pub smtp: SmtpConfig,
    pub sms: SmsConfig,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsConfig {
    pub url: String,
    pub api_key: Secret,
    pub from: String,
    pub send_seconds: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CentreConfig {
    pub name: String,
    pub email: String,
    pub phones: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    pub tls: Protection,
    pub user: String,
    pub password: Secret,
    pub from_address: String,
    pub from_name: String,
    pub send_seconds: u64,
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protection {
    None,
    Starttls,
    Tls,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.portal_url.starts_with("http://") && !self.portal_url.starts_with("https://") {
            faults.push("portal_url: must be an http address".to_owned());
        }
        if !(0..=23).contains(&self.digest_hour) {
            faults.push("digest_hour: must be 0 to 23".to_owned());
        }
        if self.period_seconds == 0 || self.smtp.send_seconds == 0 {
            faults.push("period_seconds, smtp.send_seconds: must be 1 or more".to_owned());
        }
        if !self.sms.url.is_empty() {
            let loopback = ["http://localhost", "http://127.0.0.1", "http://[::1]"].iter().any(|own| {
                self.sms.url.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
            });
            if !self.sms.url.starts_with("https://") && !loopback {
                faults.push("sms.url: must be an https address".to_owned());
            }
            if self.sms.api_key.expose().is_empty() || self.sms.send_seconds == 0 {
                faults.push("sms.api_key, sms.send_seconds: must be given".to_owned());
            }
        }
        if Email::parse(&self.smtp.from_address).is_err() {
            faults.push("smtp.from_address: must be an e-mail address".to_owned());
        }
        let loopback = ["localhost", "127.0.0.1", "::1"].contains(&self.smtp.host.as_str());
        if !self.smtp.host.is_empty() && self.smtp.tls == Protection::None && !loopback {
            faults.push("smtp.tls: 'none' is for a server on loopback only".to_owned());
        }
        faults
    }
}
