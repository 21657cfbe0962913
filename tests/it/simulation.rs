//! The seeded simulation for a minute, or as long as `PORTAL_SIMULATION_SECONDS` says, from a fresh seed or
//! `PORTAL_SIMULATION_SEED`.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use testkit::simulation::{STEPS, run};

fn said(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[tokio::test]
async fn money_and_visits_hold_under_a_bus_a_bank_and_a_clock_that_misbehave() {
    let time = Duration::from_secs(said("PORTAL_SIMULATION_SECONDS").unwrap_or(60));
    let first = said("PORTAL_SIMULATION_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    println!("PORTAL_SIMULATION_SEED={first}");
    let (began, mut seed, mut steps) = (Instant::now(), first, 0);
    let mut tally: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    while began.elapsed() < time {
        let outcome = run(seed, STEPS).await;
        assert!(
            outcome.broken.is_empty(),
            "cargo run -p testkit --bin simulate -- --seed {seed}\n{}\n{}",
            outcome.log.iter().rev().take(40).rev().cloned().collect::<Vec<_>>().join("\n"),
            outcome.broken.join("\n")
        );
        steps += outcome.steps;
        for (what, (tried, done)) in outcome.tally {
            let count = tally.entry(what).or_default();
            *count = (count.0 + tried, count.1 + done);
        }
        seed += 1;
    }
    println!("{steps} steps in {} runs: {tally:?}", seed - first);
    // A simulation in which nobody gets anywhere proves nothing.
    for what in [
        "start", "Confirm", "Cancel", "Receive", "Complete", "transfer", "Upload", "Record", "Import", "Book",
        "SaveDay",
    ] {
        assert!(time.as_secs() < 30 || tally.get(what).is_some_and(|(_, done)| *done > 0), "{what}: {tally:?}");
    }
}

#[tokio::test]
async fn a_seed_gives_the_same_run_again() {
    let (one, other) = (run(7, 150).await, run(7, 150).await);
    let differ = one.log.iter().zip(&other.log).find(|(one, other)| one != other);
    assert_eq!(differ, None);
    assert_eq!(one.digest(), other.digest());
}
