//! NATS away for long, its tail lost, its disk wiped: everything accepted is delivered later, once in effect.

use std::path::{Path, PathBuf};

use futures::StreamExt as _;
use serde_json::json;
use testkit::{World, journey as j, poll};

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

/// A fact that is given back with a delay comes after it, however often: no wait that is meant for dead readers is added.
async fn given_back_again_and_again(consumer: &async_nats::jetstream::consumer::PullConsumer) {
    let (delay, patience) = (std::time::Duration::from_millis(200), std::time::Duration::from_secs(20));
    loop {
        let mut fetched = consumer.fetch().max_messages(1).expires(patience).messages().await.unwrap();
        let message = fetched.next().await.expect("given back, and not delivered again").unwrap();
        let delivered = message.info().unwrap().delivered;
        message.ack_with(async_nats::jetstream::AckKind::Nak(Some(delay))).await.unwrap();
        if delivered == 6 {
            return;
        }
    }
}

/// A reader's consumer as the server has it, with what an earlier version of the portal waited between deliveries.
#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_an_earlier_version_made_is_changed_and_keeps_its_place() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    submitted(&world, 1).await;
    world.settle(None).await;
    let nats = world.dev().chassis().nats.clone();
    let seed = std::fs::read_to_string(world.dev().data().join("nkeys/billing.seed")).unwrap();
    world.dev().take_down("billing").await.unwrap();
    let client = async_nats::ConnectOptions::with_nkey(seed.trim().to_owned())
        .add_root_certificates(nats.ca_file.clone().into())
        .require_tls(true)
        .custom_inbox_prefix("_INBOX.billing")
        .connect(&nats.url)
        .await
        .unwrap();
    let jetstream = async_nats::jetstream::new(client);
    let name = "billing-from-applications";
    let stream = jetstream.get_stream_no_info(chassis::bus::nats::stream_name("applications")).await.unwrap();
    let found = async || {
        let consumer: async_nats::jetstream::consumer::PullConsumer = stream.get_consumer(name).await.unwrap();
        (consumer.cached_info().config.backoff.clone(), consumer.cached_info().ack_floor.stream_sequence)
    };
    let (waits, place) = found().await;
    assert_eq!(waits.iter().map(std::time::Duration::as_secs).collect::<Vec<_>>(), [30]);
    assert!(place > 0);
    let consumer: async_nats::jetstream::consumer::PullConsumer = stream.get_consumer(name).await.unwrap();
    let old = async_nats::jetstream::consumer::pull::Config {
        durable_name: Some(name.to_owned()),
        backoff: [30, 60, 300, 900, 3600].map(std::time::Duration::from_secs).to_vec(),
        ack_wait: std::time::Duration::from_secs(30),
        max_deliver: consumer.cached_info().config.max_deliver,
        max_ack_pending: consumer.cached_info().config.max_ack_pending,
        filter_subject: consumer.cached_info().config.filter_subject.clone(),
        ..Default::default()
    };
    stream.create_consumer(old).await.unwrap();
    assert_eq!(found().await.0.len(), 5);
    world.dev().bring_up("billing").unwrap();
    let numbers = submitted(&world, 1).await;
    j::approve(&world, numbers[0]).await;
    j::invoice(&world.demo("applicant").await, numbers[0]).await;
    assert_eq!(found().await.0, waits);
    poll::until("what was read before is not read again", || found(), |(_, later)| *later > place).await;
    world.dev().take_down("billing").await.unwrap();
    submitted(&world, 1).await;
    given_back_again_and_again(&stream.get_consumer(name).await.unwrap()).await;
    world.dev().bring_up("billing").unwrap();
    prove(world).await;
}
