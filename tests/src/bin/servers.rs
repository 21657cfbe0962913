//! Starts what tests need beside them (a private PostgreSQL), tells where it is as `NAME=value`, and stops it when its
//! input ends.

use std::{io::Write as _, os::unix::fs::PermissionsExt as _};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
    let servers = portal::dev::Servers::start(folder.path()).await?;
    let mut out = std::io::stdout();
    writeln!(out, "PORTAL_TEST_POSTGRES={}", servers.postgres_url)?;
    out.flush()?;
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await??;
    servers.stop().await;
    Ok(())
}
