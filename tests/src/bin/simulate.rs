//! `cargo run -p testkit --bin simulate -- --seed N`: runs the simulation again as a seed says, and shows the steps
//! before the first thing that broke.

use std::{process::ExitCode, time::Instant};

use clap::Parser;
use testkit::simulation::{STEPS, run};

#[derive(Parser)]
struct Options {
    /// The first run's seed; the next runs take the numbers after it.
    #[arg(long)]
    seed: u64,
    /// So many steps a run.
    #[arg(long, default_value_t = STEPS)]
    steps: u64,
    /// Run after run for so long; without it there is one.
    #[arg(long, default_value_t = 0)]
    seconds: u64,
    /// Steps shown of a run that broke.
    #[arg(long, default_value_t = 60)]
    shown: usize,
    /// Show the steps of a run that did not break, too.
    #[arg(long)]
    all: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (options, began) = (Options::parse(), Instant::now());
    let mut seed = options.seed;
    loop {
        let outcome = run(seed, options.steps).await;
        println!("seed {seed}: {} steps, {}", outcome.steps, outcome.digest());
        if options.all || !outcome.broken.is_empty() {
            for line in outcome.log.iter().skip(outcome.log.len().saturating_sub(options.shown)) {
                println!("  {line}");
            }
        }
        if !outcome.broken.is_empty() {
            println!("{}", outcome.broken.join("\n"));
            return ExitCode::FAILURE;
        }
        if began.elapsed().as_secs() >= options.seconds {
            for (what, (tried, done)) in outcome.tally {
                println!("  {what}: {done} of {tried}");
            }
            return ExitCode::SUCCESS;
        }
        seed += 1;
    }
}
