//! The sandbox mail server by itself.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use sandbox_mail::Config;
use tokio_util::sync::CancellationToken;

/// A mail server for demos and tests that delivers to nobody.
#[derive(Parser)]
struct Arguments {
    /// Where mail is taken; loopback only.
    #[arg(long, default_value = "127.0.0.1:1025")]
    smtp_listen: SocketAddr,
    /// Where mail is shown; loopback only.
    #[arg(long, default_value = "127.0.0.1:8025")]
    web_listen: SocketAddr,
    /// A folder for the messages; in memory if none.
    #[arg(long)]
    data: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().init();
    let Arguments { smtp_listen, web_listen, data } = Arguments::parse();
    let config = Config { smtp_listen, web_listen, data };
    let running = sandbox_mail::start(config, CancellationToken::new()).await?;
    tokio::signal::ctrl_c().await?;
    running.stop().await;
    Ok(())
}
