//! The portal under test: how it is started, which processes are measured, where its databases are.

use std::{
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::Form;
use crate::{
    child::{self, Ports},
    world::PASSWORD,
};

/// The longest life of a token that may be set: signing in again is not what is measured.
const TOKEN_SECONDS: &str = "300";
const SERVICES: [&str; 7] =
    ["applications", "billing", "booking", "identity", "notifications", "participants", "payments"];
const FACTS_WAITING: &str =
    "SELECT (SELECT COUNT(*) FROM outbox WHERE published_at IS NULL) + (SELECT COUNT(*) FROM delivery) AS n";
const MESSAGES_WAITING: &str = "SELECT COUNT(*) AS n FROM message WHERE state = 'waiting'";
/// What is accepted must have had its effects by then.
const SETTLED_WITHIN: Duration = Duration::from_mins(5);

/// A portal of this run's own.
pub(super) struct World {
    folder: tempfile::TempDir,
    ports: Ports,
    demo: bool,
    settings: Vec<(String, String)>,
    running: Option<Child>,
}

/// How long a start took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Started {
    pub greeting: Duration,
    pub first_page: Duration,
}

impl World {
    /// Nothing runs yet. Without the demo there are no sandboxes either: the bank's and the mail server's work is not
    /// the portal's.
    pub(super) fn new(form: Form, demo: bool) -> anyhow::Result<Self> {
        match form {
            Form::Embedded => Ok(Self {
                folder: tempfile::tempdir()?,
                ports: Ports::free(),
                demo,
                settings: Vec::new(),
                running: None,
            }),
        }
    }

    /// A setting of the next start, as environment.
    pub(super) fn set(&mut self, key: &str, value: impl ToString) {
        self.settings.push((format!("PORTAL__{key}"), value.to_string()));
    }

    pub(super) async fn start(&mut self) -> anyhow::Result<Started> {
        let mut command = Command::new(child::binary());
        command
            .arg("--data")
            .arg(self.data())
            .args(["--listen", &self.ports.portal.to_string()])
            .args(["--grpc-listen", &self.ports.grpc.to_string()])
            .args(["--bank-listen", &self.ports.bank.to_string()])
            .args(["--mail-listen", &self.ports.mail.to_string()])
            .args(["--demo-password", PASSWORD])
            .env("PORTAL__IDENTITY__SESSION__TOKEN_SECONDS", TOKEN_SECONDS)
            .envs(self.settings.iter().map(|(key, value)| (key, value)))
            .stdout(Stdio::piped())
            .stderr(std::fs::File::options().create(true).append(true).open(self.folder.path().join("log"))?)
            .kill_on_drop(true);
        if !self.demo {
            command.arg("--no-demo");
        }
        let http = reqwest::Client::new();
        let begun = Instant::now();
        let mut child = command.spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        loop {
            let Some(line) = lines.next_line().await? else {
                let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("the portal ended before it greeted; its log:\n{log}")
            };
            if line.trim_start().starts_with("Portal ") {
                break;
            }
        }
        let greeting = begun.elapsed();
        // The pipe stays open for the rest of the greeting.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        while !http.get(self.base()).send().await.is_ok_and(|answer| answer.status().is_success()) {
            ensure!(begun.elapsed() < Duration::from_mins(1), "the first page does not answer");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.running = Some(child);
        Ok(Started { greeting, first_page: begun.elapsed() })
    }

    /// Ends it as an operator would, and waits until its files are closed.
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

    /// Starts it anew, for settings or rows that it reads at its start.
    pub(super) async fn restart(&mut self) -> anyhow::Result<()> {
        self.stop().await?;
        self.start().await?;
        Ok(())
    }

    /// The processes whose CPU time is the portal's.
    pub(super) fn pids(&self) -> Vec<u32> {
        self.running.iter().filter_map(Child::id).collect()
    }

    /// Where pages and API answer.
    pub(super) fn base(&self) -> String {
        format!("http://{}", self.ports.portal)
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder on the same disk, for the bare database's own files.
    pub(super) fn scratch(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The file of a service's database.
    pub(super) fn file(&self, service: &str) -> PathBuf {
        self.data().join(format!("{service}.db"))
    }

    /// A service's database, for looking only.
    pub(super) async fn look(&self, service: &str) -> anyhow::Result<DatabaseConnection> {
        chassis::db::open_read_only(&format!("sqlite://{}?mode=ro", self.file(service).display())).await
    }

    /// Waits until every fact has been taken by its readers and no message waits. Answers how long that took.
    pub(super) async fn settled(&self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let mut looks = Vec::new();
        for service in SERVICES {
            looks.push((self.look(service).await?, FACTS_WAITING));
        }
        looks.push((self.look("notifications").await?, MESSAGES_WAITING));
        loop {
            let mut waiting = 0;
            for (database, query) in &looks {
                waiting += count(database, query).await?;
            }
            if waiting == 0 {
                return Ok(begun.elapsed());
            }
            ensure!(begun.elapsed() < SETTLED_WITHIN, "{waiting} facts or messages still wait");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Proves the portal's promises from its databases.
    pub(super) async fn check(&self) -> anyhow::Result<()> {
        let places = portal::check::Places::in_folder(&self.data())?;
        let report = portal::check::run(&places, None, true).await?;
        for violation in &report.violations {
            println!("  {violation}");
        }
        if report.is_sound() { Ok(()) } else { bail!("promises are broken") }
    }
}

/// A number that a fixed query answers as `n`.
pub(super) async fn count(database: &DatabaseConnection, query: &'static str) -> anyhow::Result<i64> {
    let row = database.query_one_raw(Statement::from_string(DbBackend::Sqlite, query)).await?;
    Ok(row.context("no count")?.try_get("", "n")?)
}
