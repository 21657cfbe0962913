//! The guide's journey over the JSON API: paid and booked, declined then paid, returned, rejected, cancelled,
//! mismatched, and with each reader of facts held back for a while.

use reqwest::StatusCode;
use serde_json::json;
use testkit::{
    World,
    bank::{PAYS, POOR, WRONG_SUM},
    journey::{self as j, number, version},
    poll,
};

const TWO_SERVICES: &[(&str, u32)] = &[("INVB1S", 2), ("INVC3S", 2)];

#[tokio::test(flavor = "multi_thread")]
async fn two_services_for_two_persons_each_from_sign_up_to_completion() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, TWO_SERVICES).await;
    assert_eq!(draft["missing"], json!([]));
    assert_eq!(draft["total"]["amount_minor"], 5_000_000);
    let number = number(&draft);
    let submitted = j::submit(&who, &draft).await;
    assert_eq!(submitted["state"], "STATE_NEW");

    j::approve(&world, number).await;
    j::in_state(&who, number, "STATE_AWAITING_PAYMENT").await;
    let invoice = j::invoice(&who, number).await;
    assert_eq!(invoice["total"]["amount_minor"], 5_000_000);
    assert_eq!(invoice["vat"]["amount_minor"], 689_655);
    j::pay(&who, &invoice, PAYS).await;
    let manager = world.demo("manager").await;
    let pending = poll::until(
        "\"Pending\" on the case",
        || j::get(&who, number),
        |seen| seen["payment_status"] == "PAYMENT_STATUS_PENDING",
    )
    .await;
    assert_eq!(pending["state"], "STATE_AWAITING_PAYMENT", "the bank's word alone does not move the case");
    j::confirm(&manager, number).await;
    let awaiting = j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    assert_eq!(awaiting["payment_status"], "PAYMENT_STATUS_PAID");
    let booked = j::book(&who, &awaiting).await;
    assert_eq!(booked["appointments"].as_array().unwrap().len(), 4);
    poll::until("visits on the case", || j::get(&who, number), |seen| seen["visits"].as_array().unwrap().len() == 4)
        .await;
    j::finish(&manager, number).await;
    j::in_state(&who, number, "STATE_COMPLETED").await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_is_told_plainly_and_another_one_pays() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let number = number(&j::submit(&who, &draft).await);
    j::approve(&world, number).await;
    let invoice = j::invoice(&who, number).await;
    let declined = j::pay(&who, &invoice, POOR).await;
    let attempt = poll::until(
        "the decline",
        || async { who.get(&format!("/attempts/{declined}")).await.ok() },
        |seen| seen["state"] == "ATTEMPT_STATE_FAILED",
    )
    .await;
    assert_eq!(attempt["decline_class"], "insufficient_funds");
    let billing = format!("/applications/{number}/billing");
    poll::until("the invoice freed", || async { who.get(&billing).await.ok() }, |seen| seen["attempt_live"] == false)
        .await;
    let paid = j::pay(&who, &invoice, PAYS).await;
    assert_ne!(paid, declined, "a verified decline allows a new attempt");
    j::confirm(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_application_is_corrected_and_goes_to_the_same_manager() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let number = number(&j::submit(&who, &draft).await);
    let manager = world.demo("manager").await;
    j::step(&manager, number, "claim", json!({})).await;
    let seen = j::get(&manager, number).await;
    let unmarked =
        manager.post_at(&format!("/applications/{number}/return"), version(&seen), json!({ "reason": "x" })).await;
    assert_eq!(unmarked.at("marks"), Some("MARKS_NONE"));
    let marks = json!([{ "field": "contact.phone", "reason": "The number does not answer." }]);
    j::step(&manager, number, "return", json!({ "reason": "See the mark.", "marks": marks })).await;
    let returned = j::in_state(&who, number, "STATE_RETURNED").await;
    assert_eq!(returned["marks"][0]["field"], "contact.phone");
    let mut contact = returned["contact"].clone();
    contact["phone"] = json!("+77017654321");
    let path = format!("/applications/{number}/contact");
    let corrected = who.put_at(&path, version(&returned), json!({ "contact": contact })).await.ok();
    let again = j::submit(&who, &corrected).await;
    assert_eq!(again["state"], "STATE_NEW");
    let changes = manager.get(&format!("/applications/{number}/changes")).await.ok();
    assert_eq!(
        (&changes["changes"][0]["after"], &changes["marks"][0]["changed"]),
        (&json!("+77017654321"), &json!(true))
    );
    let other = world.demo("manager2").await;
    assert_eq!(other.get(&format!("/applications/{number}")).await.status, StatusCode::NOT_FOUND);
    j::step(&manager, number, "claim", json!({})).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rejection_is_another_persons_decision_and_needs_a_reason() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let number = number(&j::submit(&who, &draft).await);
    let manager = world.demo("manager").await;
    j::review(&manager, number).await;
    let seen = j::get(&manager, number).await;
    let path = format!("/applications/{number}/reject");
    let by_manager = manager.post_at(&path, version(&seen), json!({ "reason": "no" })).await;
    assert_eq!(by_manager.status, StatusCode::FORBIDDEN);
    let supervisor = world.demo("supervisor").await;
    let mute = supervisor.post_at(&path, version(&seen), json!({})).await;
    assert_eq!(mute.at("reason"), Some("REASON_MISSING"));
    j::step(&supervisor, number, "reject", json!({ "reason": "The passport expires too soon." })).await;
    let rejected = j::in_state(&who, number, "STATE_REJECTED").await;
    assert_eq!(rejected["decision_reason"], "The passport expires too soon.");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_is_refused_while_money_is_under_way_and_voids_the_invoice_else() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let first = number(&j::submit(&who, &draft).await);
    j::approve(&world, first).await;
    let invoice = j::invoice(&who, first).await;
    let started = j::start_attempt(&who, &invoice).await;
    let seen = j::get(&who, first).await;
    let cancel = format!("/applications/{first}/cancel");
    let refused = who.post_at(&cancel, version(&seen), json!({})).await;
    assert_eq!(refused.refused(), "PAYMENT_UNDER_WAY");
    testkit::bank::pay(started["invoice_link"].as_str().unwrap(), PAYS).await;
    let attempt = started["attempt"]["id"].as_str().unwrap();
    who.post(&format!("/attempts/{attempt}/check"), json!({})).await.ok();
    j::confirm(&world.demo("manager").await, first).await;
    let paid = j::in_state(&who, first, "STATE_AWAITING_DOCUMENTS").await;
    // Money that has come goes back once the case is given up.
    who.post_at(&cancel, version(&paid), json!({})).await.ok();

    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let second = number(&j::submit(&who, &draft).await);
    j::approve(&world, second).await;
    let invoice = j::invoice(&who, second).await;
    let seen = j::get(&who, second).await;
    let cancelled = who.post_at(&format!("/applications/{second}/cancel"), version(&seen), json!({})).await.ok();
    assert_eq!(cancelled["state"], "STATE_CANCELLED");
    let path = format!("/invoices/{}", invoice["id"].as_str().unwrap());
    poll::until("the invoice void", || async { who.get(&path).await.ok() }, |seen| seen["state"] == "void").await;
    let late = who.post(&format!("{path}/attempts"), json!({ "terms_accepted": true, "locale": "en" })).await;
    assert_eq!(late.refused(), "INVOICE_NOT_PAYABLE");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_of_another_sum_is_kept_for_staff_and_pays_nothing() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let number = number(&j::submit(&who, &draft).await);
    j::approve(&world, number).await;
    let invoice = j::invoice(&who, number).await;
    j::pay(&who, &invoice, WRONG_SUM).await;
    let finance = world.demo("finance").await;
    let listed = poll::until(
        "the mismatch on staff's list",
        || async { finance.get("/mismatches").await.ok() },
        |seen| {
            seen["mismatches"].as_array().is_some_and(|list| list.iter().any(|row| row["application_number"] == number))
        },
    )
    .await;
    let row = listed["mismatches"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["application_number"] == number)
        .unwrap()
        .clone();
    assert_eq!((row["kind"].as_str(), row["expected"]["amount_minor"].as_i64()), (Some("amount"), Some(1_000_000)));
    assert_eq!(row["charged"]["amount_minor"], 500_000);
    assert_eq!(j::get(&who, number).await["payment_status"], "PAYMENT_STATUS_NOT_PAID");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_facts_that_is_held_back_delays_the_next_step_and_breaks_nothing() {
    let held = [
        "applications-from-billing",
        "applications-from-booking",
        "billing-from-applications",
        "billing-from-payments",
        "booking-from-applications",
        "payments-from-billing",
    ];
    let mut world = World::start_with(&[("chassis.bus.held", json!(held))]).await;
    let who = j::sign_up(&world.api).await;
    let token = who.token.clone().unwrap();
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let number = number(&j::submit(&who, &draft).await);
    j::approve(&world, number).await;
    assert_eq!(who.get(&format!("/applications/{number}/billing")).await.status, StatusCode::NOT_FOUND);

    world = world.restart_with(&[("chassis.bus.held", json!(["billing-from-payments"]))]).await;
    let who = world.api.with_token(&token);
    let invoice = j::invoice(&who, number).await;
    let attempt = j::pay(&who, &invoice, PAYS).await;
    let charged = who.get(&format!("/attempts/{attempt}")).await.ok();
    assert_eq!(charged["state"], "ATTEMPT_STATE_CHARGED");
    assert_eq!(j::get(&who, number).await["payment_status"], "PAYMENT_STATUS_NOT_PAID");

    world = world.restart_with(&[("chassis.bus.held", json!(["applications-from-billing"]))]).await;
    let who = world.api.with_token(&token);
    j::confirm(&world.demo("manager").await, number).await;
    assert_eq!(j::get(&who, number).await["state"], "STATE_AWAITING_PAYMENT");

    world = world.restart_with(&[("chassis.bus.held", json!(["booking-from-applications"]))]).await;
    let who = world.api.with_token(&token);
    let awaiting = j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    assert_eq!(who.get(&format!("/applications/{number}/booking")).await.status, StatusCode::NOT_FOUND);

    world = world.restart_with(&[]).await;
    let who = world.api.with_token(&token);
    j::book(&who, &awaiting).await;
    j::finish(&world.demo("manager").await, number).await;
    j::in_state(&who, number, "STATE_COMPLETED").await;
    world.end().await;
}
