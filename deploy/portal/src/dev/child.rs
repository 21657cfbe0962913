//! The command lines of the processes that are kept running.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use tokio::process::Command;

use super::Plan;

/// What a process of a service is called among the children: `billing`, the second one `billing-2`.
pub(super) fn child_name(service: &str, index: usize) -> String {
    if index == 0 { service.to_owned() } else { format!("{service}-{}", index + 1) }
}

/// One process of a service, or the gateway.
pub(super) struct Child {
    binary: PathBuf,
    data: PathBuf,
    service: String,
    listen: SocketAddr,
    log: PathBuf,
    environment: Vec<(String, String)>,
}

impl Child {
    pub(super) fn new(plan: &Plan, data: &Path, service: &str, name: &str, listen: SocketAddr) -> Self {
        Self {
            binary: plan.binary.clone(),
            data: data.to_owned(),
            service: service.to_owned(),
            listen,
            log: data.join("logs").join(format!("{name}.log")),
            environment: plan.environment.clone(),
        }
    }

    pub(super) fn command(&self, life: u32) -> anyhow::Result<Command> {
        let log = log_file(&self.log)?;
        let mut command = Command::new(&self.binary);
        command
            .args(["run", &self.service])
            .arg("--data")
            .arg(&self.data)
            .arg("--config")
            .arg(self.data.join("portal.toml"))
            .args(["--process-listen", &self.listen.to_string()])
            .stdout(log.try_clone()?)
            .stderr(log);
        if life == 0 {
            command.envs(self.environment.iter().cloned());
        }
        Ok(command)
    }
}

/// A log that is written on, whoever wrote before.
pub(super) fn log_file(path: &Path) -> anyhow::Result<fs::File> {
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    file.with_context(|| format!("the log {}", path.display()))
}
