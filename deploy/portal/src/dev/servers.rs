//! A PostgreSQL server by itself, for tests that need nothing else.

use std::{net::SocketAddr, path::Path};

use chassis::clock::Sources;
use rustix::process::Signal;

use super::{POSTGRES, free, postgres::Postgres, supervise::Keeper};

/// The running server.
pub struct Servers {
    /// Address of its superuser.
    pub postgres_url: String,
    keeper: Keeper,
}

impl Servers {
    /// Starts it in a folder of its own, on a free port.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let sources = Sources::system();
        let port = free(SocketAddr::from(([127, 0, 0, 1], 0)))?.port();
        let server = std::sync::Arc::new(Postgres::prepare(folder, port, &sources).await?);
        let (commanded, log) = (std::sync::Arc::clone(&server), folder.join("postgres.log"));
        let mut keeper = Keeper::default();
        keeper.keep(POSTGRES, Signal::INT, move |_| commanded.command(&log));
        server.set_up(&sources).await?;
        Ok(Self { postgres_url: server.superuser_url(), keeper })
    }

    pub async fn stop(mut self) {
        self.keeper.end(&[POSTGRES.to_owned()]).await;
    }
}
