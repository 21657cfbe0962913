//! Money goes back to the card through the real sandbox bank: in full, for one person of three, with the bank's answer
//! lost in the middle, refused and sent again.

use serde_json::{Value, json};
use testkit::{World, api::Api, bank::PAYS, journey as j, poll};

/// A paid case, and the bank's own address.
async fn paid(world: &World, persons: u32) -> (Api, i64, String) {
    let (who, number) = j::approved(world, &[("INVB1S", persons)]).await;
    let invoice = j::invoice(&who, number).await;
    let started = j::start_attempt(&who, &invoice).await;
    let link = started["invoice_link"].as_str().unwrap().to_owned();
    testkit::bank::pay(&link, PAYS).await;
    let attempt = started["attempt"]["id"].as_str().unwrap();
    who.post(&format!("/attempts/{attempt}/check"), json!({})).await.ok();
    j::confirm(&world.demo("manager").await, number).await;
    let bank = url::Url::parse(&link).unwrap().origin().ascii_serialization();
    (who, number, bank)
}

async fn seen(who: &Api, number: i64) -> Value {
    who.get(&format!("/applications/{number}/billing")).await.ok()
}

/// Asked for without an account, looked at, granted by another person, and sent to the bank by finance.
async fn send(world: &World, who: &Api, number: i64, asking: Value) {
    let mut body = json!({ "reason": "The service was not provided." });
    body.as_object_mut().unwrap().extend(asking.as_object().unwrap().clone());
    who.post(&format!("/applications/{number}/refunds"), body).await.ok();
    let (finance, supervisor) = (world.demo("finance").await, world.demo("supervisor").await);
    step(&finance, number, "review", json!({})).await;
    step(&supervisor, number, "decide", json!({ "approve": true })).await;
    step(&finance, number, "send", json!({})).await;
}

async fn step(staff: &Api, number: i64, name: &str, mut body: Value) -> Value {
    let now = seen(staff, number).await;
    body["version"] = now["version"].clone();
    let refund = now["refunds"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    staff.post(&format!("/payments/{number}/refunds/{refund}/{name}"), body).await.ok()
}

async fn becomes(who: &Api, number: i64, state: &str) -> Value {
    poll::until(
        "the refund",
        || seen(who, number),
        |now| now["refunds"].as_array().unwrap().last().unwrap()["state"] == state,
    )
    .await
}

async fn bank_does(bank: &str, scenario: Value) {
    let told = reqwest::Client::new().post(format!("{bank}/admin/scenario")).json(&scenario).send().await.unwrap();
    assert!(told.status().is_success());
}

/// What the bank gave back for it, by its own log.
async fn gave_back(bank: &str, who: &Api, number: i64) -> (String, usize) {
    let attempts = who.get(&format!("/applications/{number}/attempts")).await.ok();
    let order = attempts["attempts"][0]["bank_invoice_id"].clone();
    let log: Value = reqwest::get(format!("{bank}/admin/log")).await.unwrap().json().await.unwrap();
    let row = log["transactions"].as_array().unwrap().iter().find(|row| row["invoiceId"] == order).unwrap().clone();
    (row["refunded"].as_str().unwrap().to_owned(), row["refunds"].as_array().unwrap().len())
}

/// Would have found: a refund that the bank never hears of, one made twice, books that say another sum than the bank.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_by_card_goes_back_to_it_once() {
    let settings = [
        ("payments.call_seconds", json!(1)),
        ("payments.inquiry.period_seconds", json!(1)),
        ("payments.refund.settle_seconds", json!(3)),
    ];
    let world = World::start_with(&settings).await;
    let lost = |after: bool| json!({ "faults": [{ "at": "refund", "kind": "hang", "after": after }] });

    let (who, all, bank) = paid(&world, 1).await;
    send(&world, &who, all, json!({ "kind": "full" })).await;
    becomes(&who, all, "done").await;
    let whole = |now: &Value| now["payment_status"] == "PAYMENT_STATUS_REFUNDED";
    let done = poll::until("all of it back", || seen(&who, all), whole).await;
    assert_eq!(done["refunds"][0]["parts"][0]["state"], "done");
    assert_eq!(gave_back(&bank, &who, all).await, ("10000".to_owned(), 1));

    // One person of three, and the bank's answer is lost though it did it; then another, and the call itself is lost.
    let (who, family, bank) = paid(&world, 3).await;
    for (refunded, times, after) in [("10000", 1, true), ("20000", 2, false)] {
        bank_does(&bank, lost(after)).await;
        send(&world, &who, family, json!({ "kind": "lines", "lines": [{ "number": 1, "quantity": 1 }] })).await;
        becomes(&who, family, "done").await;
        assert_eq!(gave_back(&bank, &who, family).await, (refunded.to_owned(), times), "asked, never doubled");
    }
    bank_does(&bank, json!({ "faults": [{ "at": "refund", "kind": "http400" }] })).await;
    send(&world, &who, family, json!({ "kind": "full" })).await;
    let failed = becomes(&who, family, "failed").await;
    assert_eq!(failed["refunds"][2]["parts"][0]["reason"], "refused");
    step(&world.demo("finance").await, family, "send", json!({})).await;
    becomes(&who, family, "done").await;
    let whole = |now: &Value| now["payment_status"] == "PAYMENT_STATUS_REFUNDED";
    poll::until("all of it back", || seen(&who, family), whole).await;
    assert_eq!(gave_back(&bank, &who, family).await, ("30000".to_owned(), 3));
    world.settle(None).await;
    world.end().await;
}
