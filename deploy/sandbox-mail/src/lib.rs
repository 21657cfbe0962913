//! A mail server that delivers to nobody: it takes every message and shows it on a page.
//!
//! Knows nothing of the portal. Listens on loopback only.

mod mailbox;
mod message;
mod smtp;
mod web;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use mailbox::{Faults, Mailbox};
pub use message::Message;

/// How the sandbox is run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where mail is taken; loopback only. Port 0 takes a free one.
    pub smtp_listen: SocketAddr,
    /// Where mail is shown; loopback only. Port 0 takes a free one.
    pub web_listen: SocketAddr,
    /// A folder for the messages; kept in memory only if none.
    pub data: Option<PathBuf>,
}

/// A mail server that runs.
pub struct Running {
    /// Where mail is taken.
    pub smtp_address: SocketAddr,
    /// Where mail is shown.
    pub web_address: SocketAddr,
    /// The messages, for the same process.
    pub mailbox: Mailbox,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Running {
    /// Stops; returns when all work has ended.
    pub async fn stop(self) {
        self.shutdown.cancel();
        if tokio::time::timeout(Duration::from_secs(3), self.tasks.wait()).await.is_err() {
            tracing::warn!("the sandbox mail server did not end in time");
        }
    }
}

/// Starts the mail server; it ends with `shutdown`.
pub async fn start(config: Config, shutdown: CancellationToken) -> anyhow::Result<Running> {
    for address in [config.smtp_listen, config.web_listen] {
        anyhow::ensure!(
            address.ip().is_loopback(),
            "the sandbox mail server listens on loopback only, not on {address}"
        );
    }
    let bind = async |address: SocketAddr| {
        TcpListener::bind(address).await.with_context(|| format!("the sandbox mail server cannot listen on {address}"))
    };
    let (smtp, pages) = (bind(config.smtp_listen).await?, bind(config.web_listen).await?);
    let (smtp_address, web_address) = (smtp.local_addr()?, pages.local_addr()?);
    let mailbox = Mailbox::open(config.data)?;

    let shutdown = shutdown.child_token();
    let tasks = TaskTracker::new();
    tasks.spawn(smtp::serve(smtp, mailbox.clone(), shutdown.clone()));
    let (router, stopped) = (web::router(mailbox.clone()), shutdown.clone());
    tasks.spawn(async move {
        let served = axum::serve(pages, router).with_graceful_shutdown(async move { stopped.cancelled().await }).await;
        if let Err(error) = served {
            tracing::error!(%error, "the sandbox mail pages stopped");
        }
    });
    tasks.close();
    tracing::info!(%smtp_address, %web_address, "sandbox mail server is open");
    Ok(Running { smtp_address, web_address, mailbox, shutdown, tasks })
}
