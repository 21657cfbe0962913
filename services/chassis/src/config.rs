//! Layered settings: each crate's annotated defaults, then a file, then `PORTAL__SECTION__KEY` from the environment.
//! Unknown keys are refused, and all faults are told at once.

use std::{net::SocketAddr, path::Path};

use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use kernel::Currency;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    bus::nats::NatsConfig, db::DatabaseConfig, dial::CallsConfig, files::FilesConfig, telemetry::TelemetryConfig,
};

/// The chassis' own annotated defaults.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Settings that all services share.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChassisConfig {
    pub zone: String,
    pub currency: String,
    pub process: ProcessConfig,
    pub database: DatabaseConfig,
    pub bus: BusConfig,
    pub nats: NatsConfig,
    pub calls: CallsConfig,
    pub files: FilesConfig,
    pub telemetry: TelemetryConfig,
}

impl ChassisConfig {
    /// Tells the process in which currency it bills, before the first sum is read.
    pub fn make_currency_home(&self) -> anyhow::Result<()> {
        let currency = Currency::parse(&self.currency).map_err(|error| anyhow::anyhow!("chassis.currency: {error}"))?;
        anyhow::ensure!(currency.make_home(), "chassis.currency: this process bills in {} already", Currency::home());
        Ok(())
    }
}

/// How one service runs as a process of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessConfig {
    /// Address of its gRPC server.
    pub listen: SocketAddr,
    /// Folder of the root keys; `{service}` in it stands for the service's name. Empty: `keys` in the data folder.
    pub keys: String,
    /// Seconds between saying "not ready" and no longer accepting, so that callers can look elsewhere.
    pub drain_seconds: u64,
}

/// How facts are delivered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusConfig {
    pub held: Vec<String>,
    pub retention_days: u32,
    pub remembered_days: u32,
}

/// Settings that can tell what is wrong with them beyond their form.
pub trait Validate {
    /// One sentence per fault, each naming its key.
    fn faults(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Validate for ChassisConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if kernel::Zone::parse(&self.zone).is_err() {
            faults.push(format!("zone: '{}' is no IANA time zone", self.zone));
        }
        if Currency::parse(&self.currency).is_err() {
            faults.push(format!("currency: '{}' is no ISO 4217 code of a currency with hundredths", self.currency));
        }
        if !(1..=256).contains(&self.database.connections_max) {
            faults.push("database.connections_max: must be 1 to 256".to_owned());
        }
        let (stream, outbox, inbox) =
            (self.nats.max_age_days, u64::from(self.bus.retention_days), u64::from(self.bus.remembered_days));
        if !(self.nats.duplicate_window_hours < stream * 24 && stream < outbox && outbox < inbox) {
            faults.push(
                "bus: readers must remember longer (bus.remembered_days) than the outbox keeps (bus.retention_days), and \
                 that longer than a stream does (nats.max_age_days), and that longer than the server knows duplicates \
                 (nats.duplicate_window_hours)"
                    .to_owned(),
            );
        }
        if !(1..=5).contains(&self.nats.replicas) {
            faults.push("nats.replicas: must be 1 to 5".to_owned());
        }
        if self.database.url.is_empty() && !self.nats.url.is_empty() {
            faults.push("nats.url: NATS needs PostgreSQL beside it, say database.url".to_owned());
        }
        if !self.database.url.is_empty() && !self.database.url.starts_with("postgres") {
            faults.push("database.url: must begin with postgres:// (empty: SQLite in the data folder)".to_owned());
        }
        faults.extend(self.files.faults());
        faults.extend(self.telemetry.faults());
        faults
    }
}

/// The settings of the whole process, by section, and the faults found so far.
pub struct Settings {
    figment: Figment,
    faults: Vec<String>,
}

impl Settings {
    /// `sections` are crate names with their annotated defaults. Other sections are refused, unless `shared` says that
    /// file and environment speak to other processes too.
    pub fn load(sections: &[(&'static str, &'static str)], file: Option<&Path>, shared: bool) -> Self {
        let mut figment = Figment::new();
        for (section, defaults) in sections {
            figment = figment.merge(Figment::from(Toml::string(defaults)).select("default").focus_into(section));
        }
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment.merge(Env::prefixed("PORTAL__").split("__").ignore(&["crash_point"]));
        let mut faults = Vec::new();
        match figment.extract::<toml::Table>() {
            Ok(all) => faults.extend(
                all.keys()
                    .filter(|key| !shared && !sections.iter().any(|(section, _)| section == key))
                    .map(|key| format!("{key}: no such section")),
            ),
            Err(error) => faults.extend(error.into_iter().map(|fault| fault.to_string())),
        }
        Self { figment, faults }
    }

    /// Overrides one value, for example by a command-line flag.
    pub fn set(&mut self, key: &str, value: impl serde::Serialize) {
        self.figment = std::mem::take(&mut self.figment).merge(Serialized::global(key, value));
    }

    /// One section; its faults are kept, and the answer is then `None`.
    pub fn section<C: DeserializeOwned + Validate>(&mut self, section: &'static str) -> Option<C> {
        match self.figment.extract_inner::<C>(section) {
            Ok(config) => {
                let faults = config.faults();
                let sound = faults.is_empty();
                self.faults.extend(faults.into_iter().map(|fault| format!("{section}.{fault}")));
                sound.then_some(config)
            }
            Err(error) => {
                self.faults.extend(error.into_iter().map(|fault| told(section, fault)));
                None
            }
        }
    }

    /// All faults found by now.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Everything in force as TOML; keys that name a secret are masked.
    pub fn print(&self) -> anyhow::Result<String> {
        let mut all: toml::Table = self.figment.extract()?;
        mask(&mut all);
        Ok(toml::to_string_pretty(&all)?)
    }
}

/// A value that has not the form it must have, by its key and where it was said.
fn told(section: &str, mut fault: figment::Error) -> String {
    // The section comes last in the path of a value that was read by its section.
    if fault.path.last().is_some_and(|last| last == section) {
        fault.path.pop();
    }
    let key = std::iter::once(section).chain(fault.path.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
    let place = fault.metadata.map(|said| match said.source {
        Some(source) => format!(" (in {source})"),
        None => format!(" (in {})", said.name),
    });
    format!("{key}: {}{}", fault.kind, place.unwrap_or_default())
}

fn mask(table: &mut toml::Table) {
    for (key, value) in table.iter_mut() {
        match value {
            toml::Value::Table(inner) => mask(inner),
            toml::Value::String(text)
                if !text.is_empty()
                    && ["password", "secret", "url"].iter().any(|word| key.ends_with(word))
                    && key != "public_url" =>
            {
                "***".clone_into(text);
            }
            toml::Value::String(_)
            | toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Array(_) => {}
        }
    }
}

/// Nests a provider's values under a section.
trait FocusInto {
    fn focus_into(self, section: &str) -> Figment;
}

impl FocusInto for Figment {
    fn focus_into(self, section: &str) -> Figment {
        match self.extract::<toml::Table>() {
            Ok(table) => Figment::from(Serialized::default(section, table)),
            Err(_) => self,
        }
    }
}
