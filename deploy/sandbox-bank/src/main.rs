//! The sandbox bank by itself.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use sandbox_bank::Config;
use tokio_util::sync::CancellationToken;

/// A local Halyk ePay for demos and tests.
#[derive(Parser)]
struct Arguments {
    /// Where to listen; loopback only.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The address browsers use.
    #[arg(long)]
    public_url: Option<String>,
    /// A folder for the bank's books; in memory if none.
    #[arg(long)]
    data: Option<PathBuf>,
    /// What the merchant's server signs in with.
    #[arg(long, default_value = "test")]
    client_id: String,
    /// What the merchant's server signs in with.
    #[arg(long, env = "SANDBOX_BANK_CLIENT_SECRET")]
    client_secret: String,
    /// Charges wait for the merchant's confirmation.
    #[arg(long)]
    two_step: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().init();
    let arguments = Arguments::parse();
    let mut config = Config::sandbox(arguments.listen, arguments.client_secret);
    config.public_url = arguments.public_url;
    config.data = arguments.data;
    config.client_id = arguments.client_id;
    config.two_step = arguments.two_step;
    let running = sandbox_bank::start(config, CancellationToken::new()).await?;
    tokio::signal::ctrl_c().await?;
    running.stop().await;
    Ok(())
}
