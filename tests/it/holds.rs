//! A two-step terminal over the real sandbox bank: what it holds is taken by the portal, and is paid then.

use serde_json::json;
use testkit::{
    World,
    journey::{self as j, number},
    poll,
};

/// A card whose sum the bank holds until it is told to take it.
const HOLDS: &str = "4405639700011008";

#[tokio::test(flavor = "multi_thread")]
async fn a_held_sum_is_taken_by_us() {
    let world = World::start_with(&[("payments.two_step", json!(true))]).await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let number = number(&j::submit(&who, &draft).await);
    j::approve(&world, number).await;
    let invoice = j::invoice(&who, number).await;
    let started = j::start_attempt(&who, &invoice).await;
    let link = started["invoice_link"].as_str().unwrap();
    testkit::bank::pay(link, HOLDS).await;
    let attempt = started["attempt"]["id"].as_str().unwrap().to_owned();
    who.post(&format!("/attempts/{attempt}/check"), json!({})).await.ok();
    poll::until(
        "the charge",
        || async { who.get(&format!("/attempts/{attempt}")).await.ok() },
        |seen| seen["state"] == "ATTEMPT_STATE_CHARGED",
    )
    .await;
    let bank = url::Url::parse(link).unwrap().origin().ascii_serialization();
    let log: serde_json::Value = reqwest::get(format!("{bank}/admin/log")).await.unwrap().json().await.unwrap();
    let order = &started["attempt"]["bank_invoice_id"];
    let row = log["transactions"].as_array().unwrap().iter().find(|row| &row["invoiceId"] == order).unwrap();
    let states: Vec<&str> =
        row["history"].as_array().unwrap().iter().map(|past| past["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["NEW", "AUTH", "CHARGE"], "held first, taken by us");
    j::confirm(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    world.end().await;
}
