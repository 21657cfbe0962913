//! `kill -9`: at each named point of each service once, and at random moments over all processes under load.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use testkit::World;

use super::{client, hasty, knob, prove};

/// What dies in one world: every process at its own n-th pass, wherever in the journey that is. Points that only one
/// service has share a world, as a process dies once.
const DEATHS: [&str; 8] = [
    "command-before-commit:4",
    "command-after-commit:4",
    "relay-before-commit:2",
    "relay-after-commit:2",
    "inbox-before-commit:2",
    "inbox-after-commit:2",
    "file-before-store:1,bank-before-inquiry:1,mail-before-send:2",
    "file-after-store:1,bank-after-inquiry:1,mail-after-send:2",
];

#[tokio::test(flavor = "multi_thread")]
async fn each_service_that_dies_at_a_named_point_loses_nothing_that_was_answered() {
    for point in chassis::crash::POINTS {
        assert!(DEATHS.iter().any(|deaths| deaths.contains(point)), "nothing dies at {point}");
    }
    for deaths in DEATHS {
        let mut world = World::start_separate_with(&hasty(), &[], &[("PORTAL_CRASH_POINT", deaths)]).await;
        client(&world).walk().await;
        assert!(somebody_died(&mut world), "nobody died at {deaths}");
        prove(world).await;
    }
}

/// Even if it was while everything started.
fn somebody_died(world: &mut World) -> bool {
    let dev = world.dev();
    dev.children().iter().any(|child| dev.starts(child) > 1)
}

/// `PORTAL_FAULT_ROUNDS=300` for the long run; `PORTAL_FAULT_SEED` repeats one.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_under_load_nothing_that_was_answered_is_lost_or_doubled() {
    let seed: u64 = knob("PORTAL_FAULT_SEED", rand::random());
    let rounds: u32 = knob("PORTAL_FAULT_ROUNDS", 12);
    println!("seed {seed}, {rounds} rounds");
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::start_separate(&hasty(), &[]).await;
    let done = tokio_util::sync::CancellationToken::new();
    let walkers: Vec<_> = (0..2)
        .map(|_| {
            let (mut client, done) = (client(&world), done.clone());
            tokio::spawn(async move {
                let mut walked = 0;
                while !done.is_cancelled() || walked == 0 {
                    client.walk().await;
                    walked += 1;
                }
                walked
            })
        })
        .collect();
    for round in 0..rounds {
        tokio::time::sleep(Duration::from_millis(random.random_range(300..2000))).await;
        let children = world.dev().children();
        let victim = children[random.random_range(0..children.len())].clone();
        println!("round {round}: {victim}");
        // One that is just being started again has been killed already.
        let _ = world.dev().kill(&victim);
    }
    done.cancel();
    for walker in walkers {
        assert!(walker.await.unwrap() > 0, "no journey was walked to its end");
    }
    prove(world).await;
}
