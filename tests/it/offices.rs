//! Two offices, over the API: a visit booked in the second one is told with that one's address.

use booking::Booking;
use chassis::{service::Service as _, testing::first_changed};
use serde_json::json;
use testkit::{World, bank::PAYS, journey as j, poll};

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_in_the_second_office_is_told_with_its_address() {
    let mut offices = first_changed(Booking::DEFAULTS, "offices", &[]);
    let mut second = offices[0].clone();
    second["id"] = json!("second");
    second["address"] = json!({ "en": "2 Second street", "ru": "Вторая улица, 2", "kk": "Екінші көше, 2" });
    offices.as_array_mut().unwrap().push(second);
    let world = World::start_with(&[("booking.offices", offices)]).await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let number = j::number(&j::submit(&who, &draft).await);
    j::approve(&world, number).await;
    let invoice = j::invoice(&who, number).await;
    j::pay(&who, &invoice, PAYS).await;
    let manager = world.demo("manager").await;
    j::confirm(&manager, number).await;
    let awaiting = j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    let path = format!("/applications/{number}/slots?office_id=second");
    let slots = poll::until("slots", || who.get(&path), |seen| seen.status.is_success()).await.ok();
    assert_eq!(slots["office_id"], "second");
    let start = &slots["slots"][0]["start_at_micros"];
    let choice = |office: &str| {
        let person = &j::items(&awaiting)[0];
        json!({ "office_id": office, "appointments": [{ "person_item_id": person, "start_at_micros": start }] })
    };
    let book = format!("/applications/{number}/appointments");
    let unknown = who.post(&book, choice("third")).await;
    assert_eq!(unknown.status.as_u16(), 422, "{unknown:?}");
    let right = who.post(&book, choice("second")).await.ok();
    assert_eq!(right["appointments"][0]["office_id"], "second");
    let there =
        manager.get(&format!("/day-sheet?date={}&office_id=second", slots["date"].as_str().unwrap())).await.ok();
    assert!(there["appointments"].as_array().unwrap().iter().any(|visit| visit["application_number"] == number));
    let to = j::email(&who).await;
    poll::until(
        "a letter with the second office's address",
        || async { world.mailbox().messages() },
        |seen| seen.iter().any(|letter| letter.to.contains(&to) && letter.text.contains("2 Second street")),
    )
    .await;
    world.end().await;
}
