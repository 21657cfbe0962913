//! Two offices: a visit is booked in the second one, on a narrow screen without JavaScript, and told with that one's
//! address.

use booking::Booking;
use chassis::{service::Service as _, testing::first_changed};
use serde_json::json;
use testkit::{World, browser::Browser, journey as j, poll};

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_in_the_second_office_is_told_with_its_address() {
    let mut offices = first_changed(Booking::DEFAULTS, "offices", &[]);
    let mut second = offices[0].clone();
    second["id"] = json!("second");
    second["address"] = json!({ "en": "2 Second street", "ru": "Вторая улица, 2", "kk": "Екінші көше, 2" });
    offices.as_array_mut().unwrap().push(second);
    let world = World::start_with(&[("booking.offices", offices)]).await;
    let (who, number) = j::paid(&world, &[("INVB1S", 1)]).await;
    let awaiting = j::get(&who, number).await;
    let manager = world.demo("manager").await;
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

    let base = world.api.base.clone();
    let person = Browser::open(false, 360).await;
    person.sign_in(&base, &j::email(&who).await).await;
    person.go(&format!("{base}/booking/{number}")).await;
    person.says("Choose an office").await;
    person.count("#times", 0).await;
    person.picture("offices-1-choice").await;
    person.click("a[href*='office=second']").await;
    person.says("Choose a time").await;
    person.picture("offices-2-times").await;
    person.click("#times button").await;
    person.find(".notice.good").await;
    person.says("2 Second street").await;
    person.picture("offices-3-booked").await;
    let right = who.get(&format!("/applications/{number}/booking")).await.ok();
    assert_eq!(right["appointments"][0]["office_id"], "second");
    // Another office for the same visit, and back.
    person.click("a[href*='/visits/']").await;
    person.picture("offices-4-move").await;
    person.click("a[href*='office=astana']").await;
    person.find("a[href*='office=astana'][aria-current]").await;
    person.click("#times button").await;
    person.find(".notice.good").await;
    let right = who.get(&format!("/applications/{number}/booking")).await.ok();
    assert_eq!(right["appointments"][0]["office_id"], "astana");
    let visit = right["appointments"][0]["id"].as_str().unwrap();
    let back = json!({ "office_id": "second", "start_at_micros": start });
    who.post(&format!("/appointments/{visit}/move"), back).await.ok();
    person.go(&format!("{base}/applications/{number}/overview")).await;
    person.says("2 Second street").await;
    person.picture("offices-5-case").await;
    person.close().await;
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
