//! The portal as a process of its own, for tests that kill it. Ended by its pid, never by name.

use std::{
    fs::OpenOptions,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{api::Api, world::PASSWORD};

/// Where a portal process listens; the same over its restarts.
#[derive(Clone, Copy)]
pub struct Ports {
    pub portal: SocketAddr,
    pub grpc: SocketAddr,
    pub bank: SocketAddr,
    pub mail: SocketAddr,
}

impl Ports {
    /// Four free ones.
    pub fn free() -> Self {
        let free = || SocketAddr::from(([127, 0, 0, 1], chassis::ports::free().unwrap()));
        Self { portal: free(), grpc: free(), bank: free(), mail: free() }
    }
}

/// A portal process.
pub struct Process {
    pub api: Api,
    child: Child,
}

/// The portal's binary, beside the test's.
pub fn binary() -> PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let binary = folder.join("portal");
    assert!(binary.exists(), "{} is missing: run `cargo build` first", binary.display());
    binary
}

impl Process {
    /// Starts it and waits until it has said where it is. `None`: it died before.
    pub async fn start(data: &Path, ports: Ports, crash_point: Option<&str>) -> Option<Self> {
        let point = crash_point.map(|point| ("PORTAL_CRASH_POINT", point));
        Self::start_with(data, ports, point.as_slice()).await
    }

    /// The same with something more in its environment.
    pub async fn start_with(data: &Path, ports: Ports, environment: &[(&str, &str)]) -> Option<Self> {
        let mut command = Command::new(binary());
        command
            .arg("--data")
            .arg(data)
            .args(["--listen", &ports.portal.to_string()])
            .args(["--grpc-listen", &ports.grpc.to_string()])
            .args(["--bank-listen", &ports.bank.to_string()])
            .args(["--mail-listen", &ports.mail.to_string()])
            .args(["--demo-password", PASSWORD])
            .env("PORTAL__CHASSIS__TELEMETRY__LOG", "error")
            .env("PORTAL__IDENTITY__SESSION__TOKEN_SECONDS", "300")
            .env("PORTAL__PAYMENTS__INQUIRY__STEPS_SECONDS", "[1, 2, 3, 5, 8]")
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        command.envs(environment.iter().copied());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if line.contains("admin@") {
                return Some(Self { api: Api::new(&format!("http://{}", ports.portal)), child });
            }
        }
        let _ = child.wait().await;
        None
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// SIGTERM; answers the exit status.
    pub async fn terminate(mut self) -> ExitStatus {
        let pid = i32::try_from(self.child.id().unwrap()).unwrap();
        terminate(pid);
        self.child.wait().await.unwrap()
    }
}

fn terminate(pid: i32) {
    let done = std::process::Command::new("kill").args(["-TERM", &pid.to_string()]).status().unwrap();
    assert!(done.success());
}

/// What was acknowledged to a client, for `portal check`.
pub struct ClientLog(pub PathBuf);

impl ClientLog {
    pub fn note(&self, kind: &str, id: impl ToString) {
        let line = serde_json::json!({ "kind": kind, "id": id.to_string() });
        let mut file = OpenOptions::new().create(true).append(true).open(&self.0).unwrap();
        // At once, since several clients write one log.
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}
