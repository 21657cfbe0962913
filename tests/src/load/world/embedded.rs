//! Everything in one process, on SQLite files.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{
    child::{self, Ports},
    world::PASSWORD,
};

/// The process.
pub(super) struct Embedded {
    ports: Ports,
    running: Option<Child>,
}

/// The folder of its data.
pub(super) fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The file of a service's database.
pub(super) fn file(folder: &Path, service: &str) -> PathBuf {
    data(folder).join(format!("{service}.db"))
}

impl Embedded {
    pub(super) fn new() -> Self {
        Self { ports: Ports::free(), running: None }
    }

    /// Starts it and waits for its greeting.
    pub(super) async fn start(
        &mut self,
        folder: &Path,
        demo: bool,
        settings: &[(String, Value)],
    ) -> anyhow::Result<()> {
        let log = folder.join("log");
        let mut command = Command::new(child::binary());
        command
            .arg("--data")
            .arg(data(folder))
            .args(["--listen", &self.ports.portal.to_string()])
            .args(["--grpc-listen", &self.ports.grpc.to_string()])
            .args(["--bank-listen", &self.ports.bank.to_string()])
            .args(["--mail-listen", &self.ports.mail.to_string()])
            .args(["--demo-password", PASSWORD])
            .envs(settings.iter().map(|(key, value)| (variable(key), written(value))))
            .stdout(Stdio::piped())
            .stderr(std::fs::File::options().create(true).append(true).open(&log)?)
            .kill_on_drop(true);
        if !demo {
            command.arg("--no-demo");
        }
        let mut child = command.spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        loop {
            let Some(line) = lines.next_line().await? else {
                let log = std::fs::read_to_string(&log).unwrap_or_default();
                bail!("the portal ended before it greeted; its log:\n{log}")
            };
            if line.trim_start().starts_with("Portal ") {
                break;
            }
        }
        // The pipe stays open for the rest of the greeting.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.running = Some(child);
        Ok(())
    }

    pub(super) async fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.running.take() {
            let pid = child.id().context("the portal has ended by itself")?;
            // A portal that has only just greeted does not listen to signals yet.
            tokio::time::sleep(Duration::from_millis(200)).await;
            let asked = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
            ensure!(asked.success(), "the portal could not be asked to stop");
            let status = child.wait().await?;
            ensure!(status.success(), "the portal ended with {status}");
        }
        Ok(())
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.running.as_ref().and_then(Child::id)
    }

    pub(super) fn base(&self) -> String {
        format!("http://{}", self.ports.portal)
    }
}

/// A value as the environment says it: lists of tables in the settings' own notation.
fn written(value: &Value) -> String {
    if value.is_array() { toml::Value::try_from(value).unwrap().to_string() } else { value.to_string() }
}

/// A setting's name in the environment.
fn variable(key: &str) -> String {
    format!("PORTAL__{}", key.to_uppercase().replace('.', "__"))
}
