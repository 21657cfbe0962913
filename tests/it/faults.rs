//! Separate processes under faults: whatever was acknowledged is there, once, and what was under way goes on. Each test
//! ends in the check of all promises, with the client's own log.

mod absent;
mod bank;
mod booking;
mod database;
mod kills;
mod nats;
mod poison;
mod restarts;

use serde_json::Value;
use testkit::{
    World,
    child::ClientLog,
    steadfast::{Kept, Steadfast},
};

/// A client of a world, with its log in the world's folder.
fn client(world: &World) -> Steadfast<Kept> {
    let log = ClientLog(world.data().join("client.log"));
    Steadfast { base: world.public_url().to_owned(), log, portal: Kept }
}

/// Everything settled, the client's log included.
async fn prove(world: World) {
    let log = world.data().join("client.log");
    let log = log.exists().then_some(log);
    world.settle(log.as_deref()).await;
    world.end().await;
}

/// A number that the environment may raise for a long run, or set to repeat one.
pub fn knob<T: std::str::FromStr>(name: &str, usual: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Inquiries at the bank come soon.
fn hasty() -> Vec<(&'static str, Value)> {
    vec![
        ("payments.inquiry.steps_seconds", serde_json::json!([1, 2, 3, 5, 8])),
        // On a busy machine the payer may come after the last step.
        ("payments.inquiry.hourly_seconds", serde_json::json!(5)),
    ]
}
