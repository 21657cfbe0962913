//! `cargo run --release -p testkit --bin load -- --help`: what the portal takes and what it costs, beside the same work
//! on the bare database.

use std::process::ExitCode;

use chassis::lifecycle::StopSignals;
use clap::Parser as _;
use testkit::load::{Options, run};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let options = Options::parse();
    let done = match StopSignals::listen() {
        Ok(mut signals) => tokio::select! {
            done = run(options) => done,
            // The processes that were started end with this one.
            () = signals.come() => Err(anyhow::anyhow!("stopped")),
        },
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error:#}");
            ExitCode::FAILURE
        }
    }
}
