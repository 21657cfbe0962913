//! The gateway's own settings: addresses, names, navigation, limits. No rule of the business is a setting here.

use serde::Deserialize;
use url::Url;

use crate::text::Language;

/// The annotated defaults; the file is the documentation.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address of the gateway's own process.
    pub listen: std::net::SocketAddr,
    pub public_url: Url,
    pub zone: String,
    pub centre: Centre,
    pub brand: crate::brand::Brand,
    pub nav: Vec<NavItem>,
    pub bank: Bank,
    pub limits: Limits,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    pub portal_name: String,
    pub logo_text: String,
    pub centre_name: String,
    pub help_email: String,
    pub help_phones: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NavItem {
    pub href: String,
    pub en: String,
    pub ru: String,
    pub kk: String,
}

impl NavItem {
    pub fn label(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ru => &self.ru,
            Language::Kk => &self.kk,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    pub origins: Vec<String>,
    pub script_url: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub connections_max: usize,
    pub connections_per_address_max: usize,
    pub header_read_seconds: u64,
    pub request_seconds: u64,
    pub upload_seconds: u64,
    pub body_rate_min_bytes_per_second: u64,
    pub body_grace_seconds: u64,
    pub form_bytes_max: usize,
    pub upload_bytes_max: usize,
    pub callback_bytes_max: usize,
    pub file_link_minutes: u32,
    pub drain_seconds: u64,
}

impl Config {
    /// True when people reach the portal over https: cookies are then Secure and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The origin that browsers name in `Origin`.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// All faults at once; empty when the settings can be used.
    pub fn validate(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !matches!(self.public_url.scheme(), "http" | "https") {
            faults.push("gateway.public_url: must be http or https".to_owned());
        }
        if self.public_url.scheme() == "http" && !is_loopback(&self.public_url) {
            faults.push("gateway.public_url: other than on loopback it must be https".to_owned());
        }
        if self.public_url.path() != "/" {
            faults.push("gateway.public_url: must have no path".to_owned());
        }
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            faults.push(format!("gateway.zone: no zone is called {}", self.zone));
        }
        faults.extend(self.brand.faults());
        for item in &self.nav {
            if !item.href.starts_with('/') && !item.href.starts_with("https://") {
                faults.push(format!("gateway.nav: {} is neither a path nor https", item.href));
            }
        }
        for origin in &self.bank.origins {
            let exact = Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
            if !exact {
                faults.push(format!("gateway.bank.origins: {origin} is not an origin"));
            }
        }
        let script = &self.bank.script_url;
        let known = Url::parse(script).is_ok_and(|url| self.bank.origins.contains(&url.origin().ascii_serialization()));
        if !script.is_empty() && !known {
            faults.push("gateway.bank.script_url: its origin must stand in gateway.bank.origins".to_owned());
        }
        let limits = &self.limits;
        let positive = [
            ("connections_max", limits.connections_max as u64),
            ("connections_per_address_max", limits.connections_per_address_max as u64),
            ("header_read_seconds", limits.header_read_seconds),
            ("request_seconds", limits.request_seconds),
            ("upload_seconds", limits.upload_seconds),
            ("body_rate_min_bytes_per_second", limits.body_rate_min_bytes_per_second),
            ("form_bytes_max", limits.form_bytes_max as u64),
            ("upload_bytes_max", limits.upload_bytes_max as u64),
            ("callback_bytes_max", limits.callback_bytes_max as u64),
            ("file_link_minutes", u64::from(limits.file_link_minutes)),
        ];
        for (name, value) in positive {
            if value == 0 {
                faults.push(format!("gateway.limits.{name}: must be more than 0"));
            }
        }
        faults
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete_and_valid() -> Result<(), toml::de::Error> {
        let config: Config = toml::from_str(DEFAULTS)?;
        assert_eq!(config.validate(), Vec::<String>::new());
        Ok(())
    }

    #[test]
    fn all_faults_are_named_at_once() -> Result<(), Box<dyn std::error::Error>> {
        let mut config: Config = toml::from_str(DEFAULTS)?;
        config.zone = "Nowhere/Land".to_owned();
        config.bank.origins = vec!["https://bank.example/path".to_owned()];
        config.public_url = Url::parse("http://portal.example/")?;
        assert_eq!(config.validate().len(), 4);
        Ok(())
    }
}
