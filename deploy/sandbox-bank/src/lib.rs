//! A local Halyk ePay: the bank's HTTP protocol, its card pages, and scenarios, for demos and tests.
//!
//! Knows nothing of the portal. Listens on loopback only; no money moves anywhere.

mod amount;
mod book;
mod card;
mod clock;
mod desk;
mod fields;
mod journal;
mod notice;
mod order;
mod scenario;
mod status;
mod transaction;
mod web;
mod worker;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use amount::Amount;
pub use card::{CARDS, Card, Outcome};
pub use desk::Bank;
pub use scenario::{Fault, FaultKind, Point, PostLink, Scenario};
pub use status::{MOVES, Status, Step};
pub use transaction::{Refund, Transaction};

/// The terminal that the bank publishes for tests.
pub const TERMINAL: &str = "67e34d63-102f-4bd1-898e-370781d0074d";

/// How the sandbox is run.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; loopback only. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address browsers use; `http://localhost:PORT` if none.
    pub public_url: Option<String>,
    /// A folder for the bank's books; kept in memory only if none.
    pub data: Option<PathBuf>,
    /// What the merchant's server signs in with.
    pub client_id: String,
    /// What the merchant's server signs in with.
    pub client_secret: String,
    /// The merchant's terminal, a UUID.
    pub terminal: String,
    /// The merchant's shop, for payment links.
    pub shop_id: String,
    /// Shown on the card page.
    pub merchant_name: String,
    /// How long a payment token, and the card page, may be used.
    pub page_seconds: u32,
    /// Whether charges wait for the merchant's confirmation (two-step terminal).
    pub two_step: bool,
}

impl Config {
    /// The usual sandbox: client `test`, the published test terminal, one step, 20 minutes.
    pub fn sandbox(listen: SocketAddr, client_secret: impl Into<String>) -> Self {
        Self {
            listen,
            public_url: None,
            data: None,
            client_id: "test".to_owned(),
            client_secret: client_secret.into(),
            terminal: TERMINAL.to_owned(),
            shop_id: "sandbox-shop".to_owned(),
            merchant_name: "AIFC Expat Centre".to_owned(),
            page_seconds: 1200,
            two_step: false,
        }
    }
}

/// A bank that answers.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What browsers and servers call it.
    pub base_url: String,
    /// The books and switches, for the same process.
    pub bank: Bank,
    shutdown: CancellationToken,
    tasks: TaskTracker,
    server: AbortHandle,
}

impl Running {
    /// Stops answering; returns when all work has ended.
    pub async fn stop(self) {
        self.shutdown.cancel();
        if tokio::time::timeout(Duration::from_secs(3), self.tasks.wait()).await.is_err() {
            // Only an answer that hangs on purpose keeps it.
            self.server.abort();
        }
    }

    /// Waits until it is stopped by the token it was started with.
    pub async fn wait(self) {
        self.tasks.wait().await;
    }
}

/// Starts the bank; it ends with `shutdown`.
pub async fn start(config: Config, shutdown: CancellationToken) -> anyhow::Result<Running> {
    anyhow::ensure!(
        config.listen.ip().is_loopback(),
        "the sandbox bank listens on loopback only, not on {}",
        config.listen
    );
    // Fails only if one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("the sandbox bank cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let base_url = match &config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://localhost:{}", address.port()),
    };
    let bank = Bank(Arc::new(desk::Desk::open(config, base_url.clone())?));

    let shutdown = shutdown.child_token();
    let tasks = TaskTracker::new();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()?;
    tasks.spawn(worker::run(bank.clone(), client, shutdown.clone()));
    let router = web::router(bank.clone());
    let stopped = shutdown.clone();
    let server = tasks.spawn(async move {
        let served =
            axum::serve(listener, router).with_graceful_shutdown(async move { stopped.cancelled().await }).await;
        if let Err(error) = served {
            tracing::error!(%error, "the sandbox bank stopped serving");
        }
    });
    tasks.close();
    tracing::info!(%base_url, "sandbox bank is open");
    Ok(Running { address, base_url, bank, shutdown, tasks, server: server.abort_handle() })
}
