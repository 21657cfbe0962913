//! A person's application that goes to and fro, and applications that end early.

use serde_json::{Value, json};
use testkit::{
    Api, World,
    journey::{self as j, number, version},
};

/// Returned with one mark at a field, by whoever handles it.
async fn returned(staff: &Api, who: &Api, number: i64, field: &str) -> Value {
    let marks = json!([{ "field": field, "reason": "Please look at it." }]);
    j::step(staff, number, "return", json!({ "reason": "See the mark.", "marks": marks })).await;
    j::in_state(who, number, "STATE_RETURNED").await
}

/// The applicant says why it stays as it is.
async fn replied(who: &Api, of: &Value, field: &str) -> Value {
    let body = json!({ "field": field, "text": "It is as in my passport." });
    who.post_at(&format!("/applications/{}/marks", number(of)), version(of), body).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_comes_back_twice_and_a_third_time_by_the_supervisors_word_only() {
    let world = World::start_with(&[("applications.limits.returns_max", json!(2))]).await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let number = number(&j::submit(&who, &draft).await);
    let (manager, supervisor) = (world.demo("manager").await, world.demo("supervisor").await);
    j::step(&manager, number, "claim", json!({})).await;

    // Corrected.
    let first = returned(&manager, &who, number, "contact.phone").await;
    let unanswered = who
        .post_at(
            &format!("/applications/{number}/submit"),
            version(&first),
            json!({ "accept_offer": true, "offer_version": 1 }),
        )
        .await;
    assert_eq!(unanswered.at("contact.phone"), Some("MARK_UNANSWERED"));
    let mut contact = first["contact"].clone();
    contact["phone"] = json!("+77017654321");
    let path = format!("/applications/{number}/contact");
    let corrected = who.put_at(&path, version(&first), json!({ "contact": contact })).await.ok();
    assert_eq!(j::submit(&who, &corrected).await["state"], "STATE_NEW");
    j::step(&manager, number, "claim", json!({})).await;

    // Answered with a word only.
    let person = &first["lines"][0]["persons"][0];
    let name = format!(
        "lines[{}].persons[{}].surname",
        first["lines"][0]["id"].as_str().unwrap(),
        person["id"].as_str().unwrap()
    );
    let second = returned(&manager, &who, number, &name).await;
    let said = replied(&who, &second, &name).await;
    assert_eq!(j::submit(&who, &said).await["state"], "STATE_NEW");
    let seen = manager.get(&format!("/applications/{number}/changes")).await.ok();
    assert_eq!((&seen["marks"][0]["reply"], &seen["changes"]), (&json!("It is as in my passport."), &json!([])));
    j::step(&manager, number, "claim", json!({})).await;

    // Not a third time, unless the supervisor says so.
    let marks = json!([{ "field": name, "reason": "Once more." }]);
    let seen = j::get(&manager, number).await;
    let body = json!({ "reason": "Once more.", "marks": marks });
    let refused = manager.post_at(&format!("/applications/{number}/return"), version(&seen), body).await;
    assert_eq!(refused.refused(), "RETURNS_EXHAUSTED");
    let third = returned(&supervisor, &who, number, &name).await;
    let said = replied(&who, &third, &name).await;
    j::submit(&who, &said).await;
    j::approve(&world, number).await;
    let approved = j::in_state(&who, number, "STATE_AWAITING_PAYMENT").await;
    assert_eq!(approved["contact"]["phone"], "+77017654321");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_and_a_new_application_are_given_up_by_their_applicant() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let filed = j::submit(&who, &j::complete_draft(&who, &[("IINREG", 1)]).await).await;
    for of in [&draft, &filed] {
        let path = format!("/applications/{}/cancel", number(of));
        let stale = who.post_at(&path, version(of) - 1, json!({})).await;
        assert_eq!(stale.refused(), "VERSION_CONFLICT");
        let cancelled = who.post_at(&path, version(of), json!({ "reason": "Plans have changed." })).await.ok();
        assert_eq!(cancelled["state"], "STATE_CANCELLED");
        let again = who.post_at(&path, version(&cancelled), json!({})).await.ok();
        assert_eq!(again, cancelled, "once more changes nothing");
        let offer = json!({ "accept_offer": true, "offer_version": 1 });
        let late = who.post_at(&format!("/applications/{}/submit", number(of)), version(&cancelled), offer).await;
        assert_eq!(late.refused(), "NOT_EDITABLE");
    }
    // Nobody of the staff finds it among their work.
    let manager = world.demo("manager").await;
    let waiting = manager.get("/work?list=new").await.ok();
    let listed = waiting["applications"].as_array().unwrap();
    assert!(listed.iter().all(|row| row["number"] != filed["number"]), "{waiting}");
    world.end().await;
}
