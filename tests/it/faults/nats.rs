//! NATS away for long, its tail lost, its disk wiped: everything accepted is delivered later, once in effect.

use std::path::{Path, PathBuf};

use futures::StreamExt as _;
use serde_json::json;
use testkit::{World, journey as j};

use super::{client, hasty, knob, prove};

/// Registrations, each of which tells a fact, and drafts.
async fn write(world: &World, count: usize, at_once: usize) {
    let who = world.demo("applicant").await;
    futures::stream::iter(0..count)
        .for_each_concurrent(at_once, |_| {
            let who = who.clone();
            async move {
                who.post("/applications", json!({ "type": "expat_centre", "services": ["INVB1S"] })).await.ok();
            }
        })
        .await;
}

/// Cases whose next step waits for a fact of another context.
async fn submitted(world: &World, count: usize) -> Vec<i64> {
    let who = world.demo("applicant").await;
    let mut numbers = Vec::new();
    for _ in 0..count {
        let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
        let number = j::number(&j::submit(&who, &draft).await);
        client(world).log.note("submitted", number);
        numbers.push(number);
    }
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_away_during_two_thousand_writes_delays_facts_and_loses_none() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    world.dev().take_down("nats").await.unwrap();
    let numbers = submitted(&world, 3).await;
    write(&world, knob("PORTAL_FAULT_WRITES", 2000), 16).await;
    // A service that is restarted meanwhile waits for NATS, and serves.
    world.dev().kill("applications").unwrap();
    world.dev().ready().await.unwrap();
    j::approve(&world, numbers[0]).await;
    world.dev().bring_up("nats").unwrap();
    let who = world.demo("applicant").await;
    j::invoice(&who, numbers[0]).await;
    prove(world).await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn store(world: &World) -> PathBuf {
    world.data().join("data/nats/store")
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_that_nats_forgot_are_published_anew_and_applied_once() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    let before = submitted(&world, 1).await;
    world.settle(None).await;
    // Readers are away, so that what is published after the copy is known to the server alone.
    world.dev().take_down("nats").await.unwrap();
    let old = world.data().join("old-store");
    copy(&store(&world), &old);
    world.dev().bring_up("nats").unwrap();
    for reader in ["billing", "booking", "notifications"] {
        world.dev().take_down(reader).await.unwrap();
    }
    j::approve(&world, before[0]).await;
    submitted(&world, 1).await;
    let places = world.places();
    testkit::poll::until(
        "all facts of applications handed to the stream",
        || async { portal::check::unpublished(&places).await.unwrap() },
        |waiting| *waiting == 0,
    )
    .await;
    // The server dies and comes back with what it had before: its tail is lost.
    world.dev().kill_and_hold("nats").await.unwrap();
    std::fs::remove_dir_all(store(&world)).unwrap();
    copy(&old, &store(&world));
    world.dev().bring_up("nats").unwrap();
    for reader in ["billing", "booking", "notifications"] {
        world.dev().bring_up(reader).unwrap();
    }
    world.dev().ready().await.unwrap();
    let who = world.demo("applicant").await;
    j::invoice(&who, before[0]).await;
    world.settle(None).await;

    // And once more with nothing left at all.
    world.dev().kill_and_hold("nats").await.unwrap();
    std::fs::remove_dir_all(store(&world)).unwrap();
    let lost = submitted(&world, 1).await;
    world.dev().bring_up("nats").unwrap();
    j::approve(&world, lost[0]).await;
    j::invoice(&who, lost[0]).await;
    prove(world).await;
}
