//! Money's longer ways: a transfer in two parts, money that goes back in full and for one person of three, an invoice that
//! runs out and is renewed, money that comes for what has run out. Each ends with what its payer takes along.

use serde_json::{Value, json};
use testkit::{
    World,
    api::Api,
    bank::{PAYS, POOR},
    journey::{self as j, version},
    poll,
    world::PASSWORD,
};

/// Three persons of one service.
const THREE: &[(&str, u32)] = &[("INVB1S", 3)];
const PRICE: i64 = 1_000_000;

async fn billing(who: &Api, number: i64) -> Value {
    who.get(&format!("/applications/{number}/billing")).await.ok()
}

fn home(minor: i64) -> Value {
    json!({ "currency": "KZT", "amount_minor": minor })
}

fn today() -> String {
    let zone = kernel::Zone::parse("Asia/Almaty").unwrap();
    zone.date(chassis::clock::Sources::system().now()).to_string()
}

/// What the case's documents are, oldest first, each of which opens as PDF and is verified by whoever holds it.
async fn documents(world: &World, who: &Api, number: i64) -> Vec<(String, i64)> {
    let seen = billing(who, number).await;
    let mut told = Vec::new();
    for document in seen["documents"].as_array().unwrap() {
        let code = document["code"].as_str().unwrap();
        let (status, pdf) = who.download(&format!("/documents/{code}/pdf?locale=kk")).await;
        assert!(status.is_success() && pdf.starts_with(b"%PDF-"), "{document}");
        let verified = world.api.get(&format!("/documents/{code}/verification")).await.ok();
        assert_eq!(verified["document_number"], document["document_number"]);
        told.push((document["kind"].as_str().unwrap().to_owned(), document["total"]["amount_minor"].as_i64().unwrap()));
    }
    told
}

fn kinds(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(kind, sum)| ((*kind).to_owned(), *sum)).collect()
}

async fn transfer(staff: &Api, number: i64, (document, receipt): (&str, &Value), minor: i64) -> Value {
    let body = json!({
        "bank_document_number": document, "amount": home(minor), "received_on": today(), "sender": "Nora Lind",
        "parts": [{ "application_number": number, "amount": home(minor) }], "receipt_id": receipt,
    });
    staff.post(&format!("/payments/{number}/transfers"), body).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_in_two_parts_pays_an_invoice() {
    let world = World::start().await;
    let (who, number) = j::approved(&world, &[("INVB1S", 2)]).await;
    let bill = format!("/applications/{number}/billing");
    poll::until("the bill", || who.get(&bill), |seen| seen.status.is_success()).await;
    let mut payer = j::payer();
    payer["payment"] = json!("transfer");
    let invoice = who.post(&format!("/applications/{number}/invoices"), json!({ "payer": payer })).await.ok();
    let (sum, day) = (PRICE.to_string(), today());
    let about = [("amount_minor", sum.as_str()), ("paid_on", day.as_str()), ("file_name", "order.pdf")];
    let uploaded = who.send_file(&format!("/applications/{number}/receipts"), &about, j::PAPER.to_vec()).await;
    assert!(uploaded.status.is_success(), "{uploaded:?}");
    let pending = billing(&who, number).await;
    assert_eq!(pending["payment_status"], "PAYMENT_STATUS_PENDING");
    let finance = world.demo("finance").await;
    let first = transfer(&finance, number, ("PP-1", &pending["receipts"][0]["id"]), PRICE).await;
    let short = finance.post_at(&format!("/payments/{number}/confirm"), version(&first), json!({})).await;
    assert_eq!(short.refused(), "EVIDENCE_SHORT");
    let part = json!({ "part": true });
    let part = finance.post_at(&format!("/payments/{number}/confirm"), version(&first), part).await.ok();
    assert_eq!(part["payment_status"], "PAYMENT_STATUS_PARTLY_PAID");
    assert_eq!(j::get(&who, number).await["state"], "STATE_AWAITING_PAYMENT");
    transfer(&finance, number, ("PP-2", &json!("")), PRICE).await;
    j::confirm(&finance, number).await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    assert_eq!(documents(&world, &who, number).await, kinds(&[("payment_receipt", PRICE), ("payment_receipt", PRICE)]));
    let (status, pdf) = who.download(&format!("/invoices/{}/pdf?locale=ru", invoice["id"].as_str().unwrap())).await;
    assert!(status.is_success() && pdf.starts_with(b"%PDF-"));
    world.end().await;
}

/// Asked for, looked at, granted by another person, paid out by a payment order.
async fn given_back(world: &World, who: &Api, number: i64, request: Value) -> Value {
    let (finance, supervisor) = (world.demo("finance").await, world.demo("supervisor").await);
    let mut body = json!({
        "reason": "the service was not provided", "holder": "Nora Lind", "bank": "Altyn Bank",
        "iban": "KZ149491100000810569", "bic": "ATYNKZKA",
    });
    for (key, value) in request.as_object().unwrap() {
        body[key] = value.clone();
    }
    let asked = who.post(&format!("/applications/{number}/refunds"), body).await.ok();
    let id = asked["refunds"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let path = |step: &str| format!("/payments/{number}/refunds/{id}/{step}");
    let reviewed = finance.post_at(&path("review"), version(&asked), json!({})).await.ok();
    let own = finance.post_at(&path("decide"), version(&reviewed), json!({ "approve": true })).await;
    assert_eq!(own.status.as_u16(), 403, "finance does not decide");
    let granted = supervisor.post_at(&path("decide"), version(&reviewed), json!({ "approve": true })).await.ok();
    let order = json!({ "order_number": format!("PO-{id}"), "order_date": today() });
    finance.post_at(&path("execute"), version(&granted), order).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_of_three_gets_his_money_back_and_the_act_bills_the_others() {
    let world = World::start().await;
    let (who, number) = j::paid(&world, THREE).await;
    let lines = json!({ "kind": "lines", "lines": [{ "number": 1, "quantity": 1 }] });
    let done = given_back(&world, &who, number, lines).await;
    assert_eq!(done["payment_status"], "PAYMENT_STATUS_PARTLY_REFUNDED");
    j::finish(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_COMPLETED").await;
    poll::until("the act", || billing(&who, number), |seen| seen["documents"].as_array().unwrap().len() == 3).await;
    let told = kinds(&[("payment_receipt", 3 * PRICE), ("credit_note", PRICE), ("act", 2 * PRICE)]);
    assert_eq!(documents(&world, &who, number).await, told);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_goes_back() {
    let world = World::start().await;
    let (who, number) = j::paid(&world, THREE).await;
    let done = given_back(&world, &who, number, json!({ "kind": "full" })).await;
    assert_eq!(done["payment_status"], "PAYMENT_STATUS_REFUNDED");
    assert_eq!(done["refundable"]["amount_minor"], 0);
    let told = kinds(&[("payment_receipt", 3 * PRICE), ("credit_note", 3 * PRICE)]);
    assert_eq!(documents(&world, &who, number).await, told);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_runs_out_is_renewed_and_paid_and_late_money_goes_back() {
    let world = World::start_in_one_process().await;
    let (who, number) = j::approved(&world, &[("INVB1S", 1)]).await;
    let email = j::email(&who).await;
    let old = j::invoice(&who, number).await;
    let world = world.restart_later(60).await;
    let who = world.api.sign_in(&email, PASSWORD).await;
    let expired = j::in_state(&who, number, "STATE_EXPIRED").await;
    let refused = who
        .post(
            &format!("/invoices/{}/attempts", old["id"].as_str().unwrap()),
            json!({ "terms_accepted": true, "locale": "en" }),
        )
        .await;
    assert_eq!(refused.refused(), "INVOICE_NOT_PAYABLE");
    let renewal = json!({ "total_shown_minor": expired["renewal_total"]["amount_minor"] });
    who.post_at(&format!("/applications/{number}/renew"), version(&expired), renewal).await.ok();
    j::in_state(&who, number, "STATE_AWAITING_PAYMENT").await;
    let billable = || billing(&who, number);
    poll::until("the bill opened again", billable, |seen| seen["invoice"].is_null()).await;
    let invoice = j::invoice(&who, number).await;
    assert_ne!(invoice["document_number"], old["document_number"]);
    j::pay(&who, &invoice, PAYS).await;
    j::confirm(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    let late = transfer(&world.demo("finance").await, number, ("PP-late", &json!("")), PRICE).await;
    assert_eq!(
        (&late["payment_status"], &late["unapplied"]["amount_minor"]),
        (&json!("PAYMENT_STATUS_PAID"), &json!(PRICE))
    );
    let done = given_back(&world, &who, number, json!({ "kind": "surplus" })).await;
    assert_eq!(
        (&done["payment_status"], &done["unapplied"]["amount_minor"]),
        (&json!("PAYMENT_STATUS_PAID"), &json!(0))
    );
    assert_eq!(documents(&world, &who, number).await, kinds(&[("payment_receipt", PRICE)]));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_declined_cards_a_third_one_and_two_tabs_end_in_one_charge() {
    let world = World::start().await;
    let (who, number) = j::approved(&world, &[("INVB1S", 1)]).await;
    let invoice = j::invoice(&who, number).await;
    for _ in 0..2 {
        let attempt = j::pay(&who, &invoice, POOR).await;
        let path = format!("/attempts/{attempt}");
        poll::until(
            "the decline",
            || async { who.get(&path).await.ok() },
            |seen| seen["state"] == "ATTEMPT_STATE_FAILED",
        )
        .await;
        poll::until("the invoice freed", || billing(&who, number), |seen| seen["attempt_live"] == false).await;
    }
    let (one, other) = tokio::join!(begin(&who, &invoice), begin(&who, &invoice));
    let begun: Vec<_> = [&one, &other].into_iter().filter(|answer| answer.status.is_success()).collect();
    let refused: Vec<_> = [&one, &other].into_iter().filter(|answer| !answer.status.is_success()).collect();
    assert!(refused.iter().all(|answer| answer.refused() == "ATTEMPT_LIVE"), "{refused:?}");
    let links: Vec<_> = begun.iter().map(|answer| answer.body["invoice_link"].as_str().unwrap().to_owned()).collect();
    for link in &links {
        testkit::bank::pay(link, PAYS).await;
    }
    let attempt = begun[0].body["attempt"]["id"].as_str().unwrap();
    who.post(&format!("/attempts/{attempt}/check"), json!({})).await.ok();
    j::confirm(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    let seen = billing(&who, number).await;
    assert_eq!(seen["evidence"].as_array().unwrap().len(), 1, "{}", seen["evidence"]);
    world.end().await;
}

async fn begin(who: &Api, invoice: &Value) -> testkit::api::Answer {
    let path = format!("/invoices/{}/attempts", invoice["id"].as_str().unwrap());
    who.post(&path, json!({ "terms_accepted": true, "locale": "en" })).await
}
