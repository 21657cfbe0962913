//! A family of five in a browser: booked one after the other in one step, one of them moved, one who never comes; originals
//! that come paper by paper, on two visits, and the case to its end.

use serde_json::{Value, json};
use testkit::{World, api::Api, browser::Browser, journey as j, poll};

const FIVE: &[(&str, u32)] = &[("INVB1S", 5)];

#[tokio::test(flavor = "multi_thread")]
async fn a_family_books_consecutive_places_moves_one_and_one_does_not_come() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let (who, number) = j::paid(&world, FIVE).await;
    let slots = format!("/applications/{number}/slots");
    let day = poll::until("slots", || who.get(&slots), |seen| seen.status.is_success()).await.ok();
    let day = day["date"].as_str().unwrap().to_owned();

    let person = Browser::open(false, 360).await;
    person.sign_in(&base, &j::email(&who).await).await;
    person.go(&format!("{base}/booking/{number}")).await;
    person.says("All one after the other").await;
    person.picture("family-1-choice").await;
    person.click("#times button").await;
    person.count("#held li", 5).await;
    person.picture("family-2-held").await;
    let held = who.get(&format!("/applications/{number}/booking")).await.ok();
    let starts = |visits: &str| -> Vec<i64> {
        held[visits].as_array().unwrap().iter().map(|visit| visit["start_at_micros"].as_i64().unwrap()).collect()
    };
    let row = starts("held");
    assert!(row.windows(2).all(|pair| pair[1] - pair[0] == 1_800_000_000), "{row:?}");
    assert!(starts("appointments").is_empty());
    person.press("Confirm").await;
    person.find(".notice.good").await;
    person.count("form[action$='/cancel']", 5).await;
    person.picture("family-3-booked").await;

    // Another time for the first one, after all others.
    person.click("a[href*='/visits/']").await;
    person.find("#times option:last-child").await.click().await.unwrap();
    person.picture("family-4-move").await;
    person.click("#times button").await;
    person.find(".notice.good").await;
    let moved = who.get(&format!("/applications/{number}/booking")).await.ok();
    let moved: Vec<i64> = moved["appointments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|visit| visit["start_at_micros"].as_i64().unwrap())
        .collect();
    assert!(moved.len() == 5 && !moved.contains(&row[0]) && moved[..4] == row[1..], "{moved:?} of {row:?}");
    person.close().await;

    let staff = Browser::open(true, 1280).await;
    staff.sign_in(&base, "manager@demo.example").await;
    staff.go(&format!("{base}/staff/day-sheet?date={day}")).await;
    staff.count("button[name=action][value=missed]", 5).await;
    staff.click("button[name=action][value=missed]").await;
    staff.says("Missed").await;
    staff.count("button[name=action][value=missed]", 4).await;
    staff.press("Show who comes and what they bring").await;
    staff.says("ALEX").await;
    staff.picture("family-5-day-sheet").await;

    // Somebody of the case comes today, without a visit.
    staff.go(&format!("{base}/staff/day-sheet")).await;
    staff.fill("application_number", &number.to_string()).await;
    staff.press("Add to the queue").await;
    staff.says("without a visit").await;
    staff.press("Call the next one").await;
    staff.says("At desk 1").await;
    staff.picture("family-6-queue").await;
    staff.click("#queue button[name=action][value=served]").await;
    staff.count("#queue button", 0).await;

    // The day is closed: whoever is booked then is asked for another time.
    staff.go(&format!("{base}/staff/hours")).await;
    staff.picture("family-7-hours").await;
    crate::walk::date(&staff, "date", &day).await;
    staff.click("form[action='/staff/hours/day'] button").await;
    staff.says("Tick that").await;
    staff.picture("family-8-hours-refused").await;
    staff.click("label[for=displace]").await;
    staff.click("form[action='/staff/hours/day'] button").await;
    staff.says("The hours are saved.").await;
    poll::until(
        "visits without a slot",
        || async { who.get(&format!("/applications/{number}/booking")).await.ok() },
        |seen| seen["appointments"].as_array().unwrap().iter().any(|visit| visit["displaced"] == true),
    )
    .await;
    let again = Browser::open(false, 360).await;
    again.sign_in(&base, &j::email(&who).await).await;
    again.go(&format!("{base}/booking/{number}")).await;
    again.says("Our hours have changed.").await;
    again.picture("family-9-choose-again").await;
    again.close().await;
    staff.close().await;
    world.end().await;
}

/// Visits that stand in a state: visit and person.
fn visits(right: &Value, state: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = right["appointments"].as_array().unwrap();
    let wanted = list.iter().filter(|visit| visit["state"] == state);
    wanted.map(|visit| (text(&visit["id"]), text(&visit["person_item_id"]))).collect()
}

async fn noted(manager: &Api, visit: &str, what: &str) {
    manager.post(&format!("/appointments/{visit}/{what}"), json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn originals_come_on_two_visits_and_the_case_comes_to_its_end() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let (who, number) = j::paid(&world, FIVE).await;
    let manager = world.demo("manager").await;
    let right = format!("/applications/{number}/booking");
    let case = j::get(&who, number).await;
    j::book(&who, &case).await;
    let booked = visits(&who.get(&right).await.ok(), "booked");
    assert_eq!(booked.len(), 5);
    let (missed, came) = booked.split_last().unwrap();
    for (visit, _) in came {
        noted(&manager, visit, "check-in").await;
        noted(&manager, visit, "served").await;
    }
    noted(&manager, &missed.0, "missed").await;

    // One paper of the first did not come, and nothing of the fifth.
    let papers = |person: &str| -> Vec<String> {
        let persons = case["lines"][0]["persons"].as_array().unwrap();
        let found = persons.iter().find(|one| one["id"] == person).unwrap();
        let awaited =
            found["documents"].as_array().unwrap().iter().filter(|paper| paper["original_state"] == "awaited");
        awaited.map(|paper| format!("{person}/{}", paper["code"].as_str().unwrap())).collect()
    };
    let lacks = papers(&came[0].1)[0].clone();
    let staff = Browser::open(false, 360).await;
    staff.sign_in(&base, "manager@demo.example").await;
    staff.go(&format!("{base}/staff/applications/{number}")).await;
    for paper in papers(&missed.1).iter().chain([&lacks]) {
        staff.click(&format!("label[for='came-{paper}']")).await;
    }
    staff.picture("originals-1-form").await;
    staff.press("Originals received").await;
    staff.says("Original still to be brought").await;
    staff.picture("originals-2-partly").await;
    staff.close().await;
    let partly = j::get(&who, number).await;
    assert_eq!(partly["state"], "STATE_IN_PROGRESS", "three have all of theirs here");

    // Those three go on while the others book again; nobody else may.
    for (_, person) in &came[1..] {
        let granted = json!({ "person_item_id": person, "granted": true, "note": "KZ-1" });
        j::step(&manager, number, "decisions", granted).await;
    }
    let again = poll::until(
        "those who come again",
        || async { who.get(&right).await.ok() },
        |seen| seen["person_item_ids"].as_array().unwrap().len() == 2,
    )
    .await;
    assert_eq!(again["person_item_ids"], json!([came[0].1, missed.1]));
    let person = Browser::open(false, 360).await;
    person.sign_in(&base, &j::email(&who).await).await;
    person.go(&format!("{base}/applications/{number}/overview")).await;
    person.says("Some originals are still missing").await;
    person.picture("originals-3-overview").await;
    person.go(&format!("{base}/booking/{number}")).await;
    person.click("#times button").await;
    person.count("#held li", 2).await;
    person.picture("originals-4-held").await;
    person.press("Confirm").await;
    person.find(".notice.good").await;
    person.close().await;
    let second = visits(&who.get(&right).await.ok(), "booked");
    for (visit, _) in &second {
        noted(&manager, visit, "check-in").await;
        noted(&manager, visit, "served").await;
    }
    j::step(&manager, number, "originals", json!({ "person_item_ids": [came[0].1, missed.1] })).await;
    for (_, person) in &second {
        let refused = json!({ "person_item_id": person, "granted": false, "note": "KZ-2" });
        j::step(&manager, number, "decisions", refused).await;
    }
    j::step(&manager, number, "ready", json!({})).await;
    let given = json!({ "person_item_ids": j::items(&case), "way": "in_person" });
    j::step(&manager, number, "hand-outs", given).await;
    j::step(&manager, number, "complete", json!({})).await;
    assert_eq!(j::get(&who, number).await["state"], "STATE_COMPLETED");
    let act = who.get(&format!("/applications/{number}/acts/hand_over?locale=en")).await.ok();
    let labels: Vec<&str> = act["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|section| section["rows"].as_array().unwrap())
        .map(|row| row["label"].as_str().unwrap())
        .collect();
    assert!(labels.contains(&"Originals received") && !labels.contains(&"Still missing"), "{labels:?}");
    world.end().await;
}
