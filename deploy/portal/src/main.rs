//! The command line of the all-in-one portal.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use chassis::lifecycle;
use clap::{Parser, Subcommand};
use portal::{Options, Portal, check, load_settings, validate_all};

#[derive(Parser)]
#[command(version, about = "A portal for a public service centre: everything in one process.")]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
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
enum ConfigCommand {
    /// Names every fault of the settings.
    Check,
    /// Prints the settings in force; secrets are masked.
    Print,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => serve(cli.options).await.map(|()| true),
        Some(Command::Config { command }) => config(&cli.options, &command),
        Some(Command::Check { client_log, settled }) => prove(&cli.options, client_log, settled).await,
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

async fn serve(options: Options) -> anyhow::Result<()> {
    let running = Portal::start(options).await?;
    greet(&running)?;
    lifecycle::asked_to_stop().await?;
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
        writeln!(out, "\n  Demo accounts, password {password}")?;
        for (_, email, given_name, surname, _, role) in identity::demo::ACCOUNTS {
            writeln!(out, "    {:<12}{email}  ({given_name} {surname})", role.code())?;
        }
    }
    if let Some(url) = &running.first_admin_url {
        writeln!(out, "\n  The first admin's invitation, good for one day and told only now:\n    {url}")?;
    }
    writeln!(out)?;
    out.flush()
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
    let report = check::run(&options.data, client_log.as_deref(), settled).await?;
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
