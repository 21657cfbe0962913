//! What may be said on the command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;

/// How the portal is run.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Folder of databases, files and keys; one portal at a time.
    #[arg(long, default_value = "data", global = true)]
    pub data: PathBuf,
    /// Address of the pages and the JSON API. Other than loopback needs --public-url https://…
    #[arg(long, default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Address of the gRPC services.
    #[arg(long, default_value = "127.0.0.1:50051", global = true)]
    pub grpc_listen: SocketAddr,
    /// Address of the sandbox bank (demo only).
    #[arg(long, default_value = "127.0.0.1:8090", global = true)]
    pub bank_listen: SocketAddr,
    /// Address of the page that shows the sandbox's mail (demo only).
    #[arg(long, default_value = "127.0.0.1:8025", global = true)]
    pub mail_listen: SocketAddr,
    /// Address of one service's gRPC server, or of the gateway (`run` only), instead of the configured one.
    #[arg(long, global = true)]
    pub process_listen: Option<SocketAddr>,
    /// Password of all demo accounts, instead of the generated one; used when they are made.
    #[arg(long, global = true)]
    pub demo_password: Option<String>,
    /// Address that people type, for links and cookies.
    #[arg(long, global = true)]
    pub public_url: Option<String>,
    /// No demo data, no sandbox bank and mail; the first admin comes by an invitation printed once.
    #[arg(long, global = true)]
    pub no_demo: bool,
    /// File of settings over the built-in ones.
    #[arg(long, global = true)]
    pub config: Option<PathBuf>,
}

impl Options {
    /// A portal of its own: free ports on loopback, its data in a folder.
    pub fn private(data: PathBuf) -> Self {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            data,
            listen: free,
            grpc_listen: free,
            bank_listen: free,
            mail_listen: free,
            process_listen: None,
            demo_password: None,
            public_url: None,
            no_demo: false,
            config: None,
        }
    }
}
