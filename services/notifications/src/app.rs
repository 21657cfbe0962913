//! Use-cases, one a file.

pub(crate) mod deliver_again;
pub(crate) mod digest;
pub(crate) mod edit_texts;
pub(crate) mod mark_read;
pub(crate) mod measure;
pub(crate) mod notify;
pub(crate) mod queries;
pub(crate) mod render;
pub(crate) mod send;

use std::sync::Arc;

use chassis::{Context, calendar::Calendar, telemetry::metrics::Counter};
use tokio::sync::Notify;

use crate::{config::Config, mail::Mailer, sms::Texter};

/// What the use-cases work with. Cheap to clone, for units of work that outlive their callers.
#[derive(Clone)]
pub(crate) struct Ports {
    pub context: Context,
    pub config: Arc<Config>,
    /// None where no mail server is configured.
    pub mailer: Option<Mailer>,
    pub texter: Option<Texter>,
    /// The centre's working days.
    pub calendar: Calendar,
    /// Wakes the worker that sends.
    pub wake: Arc<Notify>,
    /// Counts what became of messages.
    pub told: Counter,
}

impl Ports {
    pub(crate) fn new(context: Context, config: Config) -> anyhow::Result<Self> {
        let mailer = if config.smtp.host.is_empty() { None } else { Some(Mailer::new(&config.smtp)?) };
        let texter = if config.sms.url.is_empty() { None } else { Some(Texter::new(&config.sms)?) };
        let calendar = Calendar::open(&config.calendar_file)?;
        Ok(Self {
            context,
            config: Arc::new(config),
            mailer,
            texter,
            calendar,
            wake: Arc::default(),
            told: measure::told(),
        })
    }
}
