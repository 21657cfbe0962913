//! What all requests share: settings, calls to services, sessions, keys.

use std::ops::Deref;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::clock::Sources;
use jiff::tz::TimeZone;

use crate::brand::File;
use crate::config::Config;
use crate::csrf::FormKey;
use crate::kept::KeptKey;
use crate::server::GatewayParts;
use crate::services::Services;
use crate::sessions::Sessions;

/// The shared state; cheap to copy.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub config: Config,
    /// Files of the operator's brand: a stylesheet, a logo.
    pub brand: Vec<File>,
    pub services: Services,
    pub sessions: Sessions,
    pub sources: Sources,
    pub zone: TimeZone,
    pub form_key: FormKey,
    pub kept_key: KeptKey,
}

impl App {
    pub(crate) fn new(parts: GatewayParts) -> anyhow::Result<Self> {
        let zone = TimeZone::get(&parts.config.zone).context("the gateway's zone")?;
        let services = Services::new(&parts.dialer)?;
        let brand = parts.config.brand.stylesheet().into_iter().chain(parts.config.brand.logo()?).collect();
        Ok(Self(Arc::new(Shared {
            brand,
            services,
            sessions: Sessions::default(),
            zone,
            form_key: FormKey::new(&parts.cookie_key),
            kept_key: KeptKey::new(&parts.cookie_key)?,
            sources: parts.sources,
            config: parts.config,
        })))
    }

    /// 128 random bits as text, for ids that nobody may guess.
    pub fn random_text(&self) -> String {
        hex(&self.sources.random::<16>())
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
