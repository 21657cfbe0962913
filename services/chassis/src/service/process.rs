//! One service as a process of its own: settings, database, keys, server; stopped in order by SIGTERM.

use std::{
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use clap::{Args, Parser, Subcommand};
use tokio::net::TcpListener;

use super::{Host, HostSettings, Service};
use crate::{
    auth::ed25519,
    clock::Sources,
    config::{ChassisConfig, Settings},
    db,
    lifecycle::{Lifecycle, StopSignals},
    seal::KeyRing,
    telemetry,
};

/// How a process of one service is run.
#[derive(Debug, Clone, Args)]
pub struct ProcessOptions {
    /// Folder of files and, where no other is configured, of keys.
    #[arg(long, default_value = "data", global = true)]
    pub data: PathBuf,
    /// File of settings over the built-in ones; it may speak to other processes too.
    #[arg(long, global = true)]
    pub config: Option<PathBuf>,
    /// Address to listen on, instead of the configured one.
    #[arg(long, global = true)]
    pub listen: Option<SocketAddr>,
}

#[derive(Parser)]
#[command(version, about = "One service of the portal.")]
struct CommandLine {
    #[command(flatten)]
    options: ProcessOptions,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Brings the service's database up to date, as the schema's owner.
    Migrate,
}

/// The whole program of one service: `<service>` serves until SIGTERM, `<service> migrate` prepares its database.
pub fn run<S: Service>() -> ExitCode {
    let line = CommandLine::parse();
    let work = async move {
        let mut settings = settings::<S>(&line.options);
        match line.command {
            None => serve::<S>(&line.options, settings).await,
            Some(Command::Migrate) => {
                let chassis = chassis_config(&mut settings)?;
                let telemetry = telemetry::start(&chassis.telemetry, S::NAME)?;
                let done = migrate::<S>(&chassis, &line.options.data).await;
                telemetry.stop().await;
                done
            }
        }
    };
    let done = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}: {error:#}", S::NAME);
            ExitCode::FAILURE
        }
    }
}

/// The settings of one service's process; what is said to other processes is passed over.
pub fn settings<S: Service>(options: &ProcessOptions) -> Settings {
    let sections = [("chassis", crate::config::DEFAULTS), (S::NAME, S::DEFAULTS)];
    Settings::load(&sections, options.config.as_deref(), true)
}

pub(crate) fn chassis_config(settings: &mut Settings) -> anyhow::Result<ChassisConfig> {
    settings.section::<ChassisConfig>("chassis").with_context(|| settings.faults().join("\n"))
}

/// Brings a service's database up to date.
pub async fn migrate<S: Service>(chassis: &ChassisConfig, data: &Path) -> anyhow::Result<()> {
    let url = chassis.database.migration_url_of(S::NAME, data)?;
    let running = chassis.database.url_of(S::NAME, data)?;
    let role = if url == running { None } else { role_of(&running) };
    db::migrate(&url, role, S::migrations).await.with_context(|| format!("the database of {}", S::NAME))?;
    tracing::info!(service = S::NAME, "the schema is up to date");
    Ok(())
}

/// The user that an address names.
fn role_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (user, _) = rest.split_once('@')?;
    user.split(':').next()
}

/// A running process of one service.
pub struct Process {
    pub address: SocketAddr,
    lifecycle: Lifecycle,
    databases: Vec<db::Database>,
    telemetry: telemetry::Telemetry,
    drain: Duration,
}

impl Process {
    /// Starts the service; waits for what it needs until `lifecycle` stops.
    pub async fn start<S: Service>(
        options: &ProcessOptions,
        mut settings: Settings,
        lifecycle: Lifecycle,
    ) -> anyhow::Result<Self> {
        ed25519::install();
        let chassis = chassis_config(&mut settings)?;
        let telemetry = telemetry::start(&chassis.telemetry, S::NAME)?;
        ensure!(!chassis.nats.url.is_empty(), "chassis.nats.url: a service by itself needs NATS");
        ensure!(!chassis.database.url.is_empty(), "chassis.database.url: a service by itself needs PostgreSQL");
        let sources = Sources::system();
        let keys = match chassis.process.keys.as_str() {
            "" => options.data.join("keys"),
            folder => PathBuf::from(folder.replace("{service}", S::NAME)),
        };
        let keys = KeyRing::open(&keys, true, &sources)?;
        let address = options.listen.unwrap_or(chassis.process.listen);
        let listener = TcpListener::bind(address).await.with_context(|| format!("{address} can't be listened on"))?;
        let address = listener.local_addr()?;
        let drain = Duration::from_secs(chassis.process.drain_seconds);
        let host_settings = HostSettings { data: options.data.clone(), sources, keys, chassis };
        let mut host = Host::for_one(host_settings, S::NAME, lifecycle.stopping()).await?;
        host.add::<S>(&mut settings).await?;
        let databases = host.databases();
        host.start(listener, &lifecycle).await?;
        tracing::info!(service = S::NAME, %address, "serving");
        Ok(Self { address, lifecycle, databases, telemetry, drain })
    }

    /// Says "not ready", lets callers look elsewhere, finishes what is at work, closes the databases.
    pub async fn stop(self) -> anyhow::Result<()> {
        let in_time = self.lifecycle.stop(self.drain).await;
        for database in &self.databases {
            database.close().await;
        }
        self.telemetry.stop().await;
        ensure!(in_time, "some work did not end in time; nothing that was answered is lost");
        Ok(())
    }
}

/// Serves until Ctrl-C or SIGTERM.
pub async fn serve<S: Service>(options: &ProcessOptions, settings: Settings) -> anyhow::Result<()> {
    let mut signals = StopSignals::listen()?;
    let lifecycle = Lifecycle::default();
    let started = tokio::select! {
        started = Process::start::<S>(options, settings, lifecycle.clone()) => started?,
        // Nothing has been served yet.
        () = signals.come() => return Ok(()),
    };
    signals.come().await;
    started.stop().await
}
