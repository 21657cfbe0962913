//! The command line of the portal: everything in one process, or one part of it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use chassis::{
    config::{ChassisConfig, Settings},
    lifecycle::StopSignals,
    service::ProcessOptions,
};
use clap::{Parser, Subcommand};
use portal::{Options, Portal, check, dev, load_settings, services, setup, validate_all};

#[derive(Parser)]
#[command(version, about = "A portal for a public service centre: everything in one process.")]
struct CommandLine {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs one service, or the gateway, as a process of its own, on PostgreSQL and NATS.
    Run {
        /// identity, participants, applications, billing, payments, booking, notifications, gateway.
        service: String,
    },
    /// Brings PostgreSQL databases up to date, as the schema's owner.
    Migrate {
        /// Only these services; all, where none is named.
        services: Vec<String>,
    },
    /// Prints the first admin's invitation link, where there is no admin yet (PostgreSQL).
    InviteAdmin,
    /// Writes the demo's accounts and cases into PostgreSQL databases, once.
    LoadDemo,
    /// Runs every part as a process of its own, with a private PostgreSQL and NATS beside them.
    Dev,
    /// Reads a file into a registry: tells what it would change, and with --apply changes it, all or nothing. A portal in
    /// one process must be stopped meanwhile.
    Import {
        #[command(subcommand)]
        what: ImportCommand,
    },
    /// Looks at the settings.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Proves from the data, read-only, that the portal's promises hold.
    Check {
        /// Acknowledged writes of a client, one JSON object a line: {"kind": "application", "id": "101"}.
        #[arg(long)]
        client_log: Option<PathBuf>,
        /// What is still on its way counts as a violation too.
        #[arg(long)]
        settled: bool,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// The register of participants, as CSV with a head line or as JSON.
    Participants {
        file: PathBuf,
        #[arg(long)]
        apply: bool,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Names every fault of the settings.
    Check,
    /// Prints the settings in force; secrets are masked.
    Print,
}

#[tokio::main]
async fn main() -> ExitCode {
    let line = CommandLine::parse();
    let options = line.options;
    let done = match line.command {
        None => serve(options).await.map(|()| true),
        Some(Command::Run { service }) => services::run(&service, &process(&options)).await.map(|()| true),
        Some(Command::Migrate { services }) => migrate(&options, &services).await.map(|()| true),
        Some(Command::InviteAdmin) => invite_admin(&options).await.map(|()| true),
        Some(Command::LoadDemo) => setup::load_demo(&options).await.map(|()| true),
        Some(Command::Dev) => develop(options).await.map(|()| true),
        Some(Command::Import { what: ImportCommand::Participants { file, apply } }) => {
            import(&options, &file, apply).await.map(|()| true)
        }
        Some(Command::Config { command }) => config(&options, &command),
        Some(Command::Check { client_log, settled }) => prove(&options, client_log, settled).await,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "portal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The same options for one part by itself.
fn process(options: &Options) -> ProcessOptions {
    ProcessOptions { data: options.data.clone(), config: options.config.clone(), listen: options.process_listen }
}

async fn serve(options: Options) -> anyhow::Result<()> {
    let mut signals = StopSignals::listen()?;
    let running = tokio::select! {
        running = Portal::start(options) => running?,
        // Nothing has been served yet; what is waited for may be away for long.
        () = signals.come() => return Ok(()),
    };
    greet(&running)?;
    signals.come().await;
    running.stop().await
}

fn greet(running: &Portal) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n  Portal        {}", running.public_url)?;
    writeln!(out, "  API           {}/api/docs", running.public_url.trim_end_matches('/'))?;
    writeln!(out, "  gRPC          {}", running.grpc_address)?;
    if let Some(url) = &running.bank_url {
        writeln!(out, "  Sandbox bank  {url}")?;
    }
    if let Some(url) = &running.mail_url {
        writeln!(out, "  Sandbox mail  {url}")?;
    }
    if let Some(password) = &running.demo_password {
        accounts(&mut out, password)?;
    }
    if let Some(url) = &running.first_admin_url {
        writeln!(out, "\n  The first admin's invitation, good for one day and told only now:\n    {url}")?;
    }
    writeln!(out)?;
    out.flush()
}

fn accounts(out: &mut impl std::io::Write, password: &str) -> std::io::Result<()> {
    writeln!(out, "\n  Demo accounts, password {password}")?;
    for (_, email, given_name, surname, _, role) in identity::demo::ACCOUNTS {
        writeln!(out, "    {:<12}{email}  ({given_name} {surname})", role.code())?;
    }
    Ok(())
}

async fn develop(options: Options) -> anyhow::Result<()> {
    let mut signals = StopSignals::listen()?;
    let binary = std::env::current_exe().context("the path of this program")?;
    let running = dev::Dev::start(dev::Plan::new(binary, options)).await?;
    {
        let mut out = std::io::stdout().lock();
        running.tell(&mut out)?;
        accounts(&mut out, running.demo_password())?;
        writeln!(out)?;
        out.flush()?;
    }
    signals.come().await;
    running.stop().await
}

fn chassis_config(options: &Options) -> anyhow::Result<(ChassisConfig, Settings)> {
    let mut settings = load_settings(options.config.as_deref());
    let chassis = settings.section::<ChassisConfig>("chassis").with_context(|| settings.faults().join("\n"))?;
    Ok((chassis, settings))
}

async fn migrate(options: &Options, names: &[String]) -> anyhow::Result<()> {
    let (chassis, _) = chassis_config(options)?;
    let telemetry = chassis::telemetry::start(&chassis.telemetry, "migrate")?;
    let done = services::migrate(names, &chassis, &process(options)).await;
    telemetry.stop().await;
    done
}

async fn invite_admin(options: &Options) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match setup::invite_admin(options).await? {
        Some(url) => writeln!(out, "The first admin's invitation, good for one day and told only now:\n{url}")?,
        None => writeln!(out, "There is an admin already, or an invitation that still holds.")?,
    }
    Ok(())
}

async fn import(options: &Options, file: &Path, apply: bool) -> anyhow::Result<()> {
    let done = setup::import_participants(options, file, apply).await?;
    let mut out = std::io::stdout().lock();
    for line in &done.changes {
        writeln!(out, "{line}")?;
    }
    let verb = if apply { "" } else { "to be " };
    writeln!(out, "{verb}added {}, {verb}changed {}, unchanged {}", done.added, done.changed, done.unchanged)?;
    if !apply && !done.changes.is_empty() {
        writeln!(out, "Say --apply to change it.")?;
    }
    Ok(())
}

fn config(options: &Options, command: &ConfigCommand) -> anyhow::Result<bool> {
    let mut settings = load_settings(options.config.as_deref());
    let mut out = std::io::stdout().lock();
    validate_all(&mut settings);
    match command {
        ConfigCommand::Check => {
            for fault in settings.faults() {
                writeln!(out, "{fault}")?;
            }
            if settings.faults().is_empty() {
                writeln!(out, "The settings are sound.")?;
            }
        }
        ConfigCommand::Print => writeln!(out, "{}", settings.print()?)?,
    }
    Ok(settings.faults().is_empty())
}

async fn prove(options: &Options, client_log: Option<PathBuf>, settled: bool) -> anyhow::Result<bool> {
    let (chassis, _) = chassis_config(options)?;
    let places = check::Places::of(&chassis, &options.data)?;
    let report = check::run(&places, client_log.as_deref(), settled).await?;
    let mut out = std::io::stdout().lock();
    for line in report.lines.iter().chain(&report.violations) {
        writeln!(out, "{line}")?;
    }
    writeln!(
        out,
        "{}",
        if report.is_sound() { "All promises that were looked at hold." } else { "Promises are broken." }
    )?;
    Ok(report.is_sound())
}
