//! The gateway as a process of its own: the services are where the settings say.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use chassis::auth::ed25519;
use chassis::clock::Sources;
use chassis::config::{ChassisConfig, Settings, Validate};
use chassis::dial::DialerBuilder;
use chassis::lifecycle::StopSignals;
use chassis::seal::KeyRing;
use chassis::service::ProcessOptions;
use chassis::telemetry;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, DEFAULTS};
use crate::server::{GatewayParts, serve};

/// Its name among the processes.
pub const NAME: &str = chassis::server::GATEWAY;

/// The section of the settings, with its check.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Section(pub Config);

impl Validate for Section {
    fn faults(&self) -> Vec<String> {
        let named = self.0.validate();
        named.into_iter().map(|fault| fault.trim_start_matches("gateway.").to_owned()).collect()
    }
}

/// The settings of this process; what is said to others is passed over.
pub fn settings(options: &ProcessOptions) -> Settings {
    Settings::load(&[("chassis", chassis::config::DEFAULTS), (NAME, DEFAULTS)], options.config.as_deref(), true)
}

/// Serves until Ctrl-C or SIGTERM.
pub async fn run(options: &ProcessOptions, mut settings: Settings) -> anyhow::Result<()> {
    let mut signals = StopSignals::listen()?;
    ed25519::install();
    let chassis = settings.section::<ChassisConfig>("chassis").with_context(|| settings.faults().join("\n"))?;
    chassis.make_currency_home()?;
    let telemetry = telemetry::start(&chassis.telemetry, NAME)?;
    settings.set("gateway.zone", &chassis.zone);
    let config = settings.section::<Section>(NAME).with_context(|| settings.faults().join("\n"))?.0;
    ensure!(
        !chassis.calls.address.is_empty(),
        "chassis.calls.address: the gateway needs to know where the services are"
    );
    let address: SocketAddr = options.listen.unwrap_or(config.listen);
    ensure!(
        address.ip().is_loopback() || config.public_url.scheme() == "https",
        "gateway.listen {address} is reachable from elsewhere: say gateway.public_url https://… as people will type it"
    );
    let keys = match chassis.process.keys.as_str() {
        "" => options.data.join("keys"),
        folder => PathBuf::from(folder.replace("{service}", NAME)),
    };
    let sources = Sources::system();
    let keys = KeyRing::open(&keys, true, &sources)?;
    let listener = TcpListener::bind(address).await.with_context(|| format!("{address} can't be listened on"))?;
    tracing::info!(service = NAME, address = %listener.local_addr()?, "serving");
    let dialer = DialerBuilder::default().remote(&chassis.calls, NAME).build();
    let parts = GatewayParts { config, dialer, sources, cookie_key: keys.cookie().to_vec() };
    let shutdown = CancellationToken::new();
    let serving = serve(parts, listener, shutdown.clone());
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => ended?,
        () = signals.come() => {
            tokio::select! {
                ended = &mut serving => ended?,
                () = tokio::time::sleep(Duration::from_secs(chassis.process.drain_seconds)) => {
                    shutdown.cancel();
                    serving.await?;
                }
            }
        }
    }
    telemetry.stop().await;
    Ok(())
}
