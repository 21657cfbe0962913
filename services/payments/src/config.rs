//! payments' settings.

use std::time::Duration;

use chassis::config::Validate;
use kernel::Secret;
use serde::Deserialize;
use url::{Host, Url};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub oauth_url: String,
    pub api_url: String,
    pub script_url: String,
    pub client_id: String,
    pub client_secret: Secret,
    pub terminal: String,
    pub two_step: bool,
    pub shop_id: String,
    pub portal_url: String,
    pub call_seconds: u64,
    pub link_days: u32,
    pub amount_min_minor: i64,
    pub amount_max_minor: i64,
    pub inquiry: InquiryConfig,
    pub refund: RefundConfig,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundConfig {
    pub settle_seconds: u64,
    pub calls_max: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiryConfig {
    pub period_seconds: u64,
    pub steps_seconds: Vec<u64>,
    pub hourly_seconds: u64,
    pub late_seconds: u64,
    pub abandon_seconds: u64,
    pub three_ds_seconds: u64,
    pub watch_seconds: u64,
    pub spacing_seconds: u64,
    pub callbacks_max: u64,
}

impl Config {
    /// Whether a bank is connected at all.
    pub fn has_bank(&self) -> bool {
        !self.oauth_url.is_empty()
    }

    pub(crate) fn call_time(&self) -> Duration {
        Duration::from_secs(self.call_seconds)
    }
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let urls = [("oauth_url", &self.oauth_url), ("api_url", &self.api_url), ("script_url", &self.script_url)];
        for (key, url) in urls.into_iter().filter(|_| self.has_bank()).chain([("portal_url", &self.portal_url)]) {
            if !is_safe(url) {
                faults.push(format!("{key}: must be an https address (http on loopback only)"));
            }
        }
        if self.has_bank() && (self.client_id.is_empty() || self.client_secret.is_empty() || self.terminal.is_empty()) {
            faults.push("client_id, client_secret, terminal: are needed with oauth_url".to_owned());
        }
        if self.client_id == "test" && self.oauth_url.contains(".homebank.kz") && !self.oauth_url.contains("//test") {
            faults.push("client_id: the bank's published test credentials are not for its production host".to_owned());
        }
        if self.amount_min_minor < 1 || self.amount_max_minor < self.amount_min_minor {
            faults.push("amount_min_minor, amount_max_minor: must be positive and in order".to_owned());
        }
        let inquiry = &self.inquiry;
        let periods = [inquiry.period_seconds, inquiry.hourly_seconds, inquiry.late_seconds, self.call_seconds];
        if periods.contains(&0) || self.link_days == 0 {
            faults.push("call_seconds, link_days, inquiry.*: periods must be 1 or more".to_owned());
        }
        if self.refund.calls_max == 0 || self.refund.settle_seconds <= self.call_seconds {
            faults.push("refund: calls_max must be 1 or more, settle_seconds more than call_seconds".to_owned());
        }
        if !inquiry.steps_seconds.is_sorted() {
            faults.push("inquiry.steps_seconds: must ascend".to_owned());
        }
        faults
    }
}

fn is_safe(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}
