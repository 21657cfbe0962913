//! `cargo run --release -p testkit --bin load -- --help`: what the portal takes and what it costs, beside the same work
//! on the bare database.

use std::process::ExitCode;

use clap::Parser as _;
use testkit::load::{Options, run};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error:#}");
            ExitCode::FAILURE
        }
    }
}
