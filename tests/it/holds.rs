//! A two-step terminal over the real sandbox bank: what it holds is taken by the portal, and is paid then; what does not
//! fit is let go.

use serde_json::{Value, json};
use testkit::{World, journey as j, poll};

/// A card whose sum the bank holds until it is told to take it.
const HOLDS: &str = "4405639700011008";

fn bank(link: &str) -> String {
    url::Url::parse(link).unwrap().origin().ascii_serialization()
}

/// What became of an order, by the bank's own log.
async fn history(link: &str, order: &Value) -> Vec<String> {
    let log: Value = reqwest::get(format!("{}/admin/log", bank(link))).await.unwrap().json().await.unwrap();
    let row = log["transactions"].as_array().unwrap().iter().find(|row| &row["invoiceId"] == order).unwrap();
    let history = row["history"].as_array().unwrap().iter();
    history.map(|past| past["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_sum_is_taken_by_us() {
    let world = World::start_with(&[("payments.two_step", json!(true))]).await;
    let (who, number) = j::approved(&world, &[("INVB1S", 1)]).await;
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
    let told = history(link, &started["attempt"]["bank_invoice_id"]).await;
    assert_eq!(told, ["NEW", "AUTH", "CHARGE"], "held first, taken by us");
    j::confirm(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    world.end().await;
}

/// Would have found: a sum that the bank holds for days because it is not the invoice's, an order whose answer was lost given
/// up, an invoice that can't be paid any more after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_held_sum_that_does_not_fit_is_let_go_by_us() {
    let world = World::start_with(&[("payments.two_step", json!(true))]).await;
    let (who, number) = j::approved(&world, &[("INVB1S", 1)]).await;
    let invoice = j::invoice(&who, number).await;
    let started = j::start_attempt(&who, &invoice).await;
    let link = started["invoice_link"].as_str().unwrap();
    let scenario = |body: Value| {
        let request = reqwest::Client::new().post(format!("{}/admin/scenario", bank(link))).json(&body);
        async move { assert!(request.send().await.unwrap().status().is_success()) }
    };
    // Another sum is held than was asked; and the answer to "let it go" is lost, though it is done.
    let lost = json!({ "at": "cancel", "kind": "http500", "after": true });
    scenario(json!({ "charge_amount": "4321.00", "faults": [lost] })).await;
    testkit::bank::pay(link, HOLDS).await;
    let attempt = started["attempt"]["id"].as_str().unwrap().to_owned();
    who.post(&format!("/attempts/{attempt}/check"), json!({})).await.ok();
    poll::until(
        "the reversal",
        || async { who.get(&format!("/attempts/{attempt}")).await.ok() },
        |seen| seen["state"] == "ATTEMPT_STATE_REVERSED",
    )
    .await;
    assert_eq!(history(link, &started["attempt"]["bank_invoice_id"]).await, ["NEW", "AUTH", "CANCEL"]);
    // Nothing has come, and the invoice is free for the right sum.
    let billing = || async { who.get(&format!("/applications/{number}/billing")).await.ok() };
    let free = poll::until("the invoice freed", billing, |seen| seen["attempt_live"] == false).await;
    assert_eq!((&free["payment_status"], &free["evidence"]), (&json!("PAYMENT_STATUS_NOT_PAID"), &json!([])));
    scenario(json!({})).await;
    j::pay(&who, &invoice, HOLDS).await;
    j::confirm(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    world.end().await;
}
