//! The gateway by itself.

use std::io::Write as _;
use std::process::ExitCode;

use chassis::service::ProcessOptions;
use clap::Parser;

#[derive(Parser)]
#[command(version, about = "The portal's edge: pages and JSON API.")]
struct CommandLine {
    #[command(flatten)]
    options: ProcessOptions,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = CommandLine::parse().options;
    let settings = gateway::process::settings(&options);
    match gateway::process::run(&options, settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "gateway: {error:#}");
            ExitCode::FAILURE
        }
    }
}
