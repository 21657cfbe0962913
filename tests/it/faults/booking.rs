//! Many more who want a slot than there are places, three booking processes, and kills: no slot is ever oversold.

use std::time::Duration;

use booking::Booking;
use chassis::{service::Service as _, testing::first_changed};
use futures::StreamExt as _;
use kernel::{AccountId, PersonItemId};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use testkit::{World, poll};

use super::{knob, prove};

const CLIENTS: i64 = 500;
const SLOTS: usize = 20;
/// Places of a slot.
const CAPACITY: i64 = 5;
/// Far from any number that the portal gives itself.
const FIRST: i64 = 900_001;

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_clients_on_twenty_slots_never_oversell_one() {
    let office = [("slot_capacity", json!(CAPACITY)), ("slot_minutes", json!(20))];
    let changes = [("booking.offices", first_changed(Booking::DEFAULTS, "offices", &office))];
    let mut world = World::start_separate(&changes, &[("booking", 3)]).await;
    let who = world.demo("applicant").await;
    let account: AccountId = who.get("/account").await.ok()["id"].as_str().unwrap().parse().unwrap();
    let url = world.dev().superuser_url.replace("/postgres", "/booking");
    let booking = sea_orm::Database::connect(url).await.unwrap();
    for number in FIRST..FIRST + CLIENTS {
        let item = PersonItemId::from_uuid(uuid::Uuid::now_v7());
        let sql = "INSERT INTO booking_right (application_number, account_id, kind, items, open, version) \
                   VALUES ($1, $2, 'hand_over', $3, TRUE, 1)";
        let values = [number.into(), account.to_string().into(), json!([item]).to_string().into()];
        booking.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await.unwrap();
    }
    let slots = format!("/applications/{FIRST}/slots");
    let offered = poll::until("slots", || who.get(&slots), |seen| seen.status.is_success()).await.ok();
    let starts: Vec<i64> =
        offered["slots"].as_array().unwrap().iter().map(|slot| slot["start_at_micros"].as_i64().unwrap()).collect();
    let starts: Vec<i64> = starts.into_iter().take(SLOTS).collect();
    assert_eq!(starts.len(), SLOTS, "a day of so many slots");

    let seed: u64 = knob("PORTAL_FAULT_SEED", rand::random());
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let wishes: Vec<(i64, i64)> =
        (FIRST..FIRST + CLIENTS).map(|number| (number, starts[random.random_range(0..starts.len())])).collect();
    let places = CAPACITY * i64::try_from(starts.len()).unwrap();

    let base = world.public_url().to_owned();
    let log_file = world.data().join("client.log");
    let booking_all = tokio::spawn(async move {
        futures::stream::iter(wishes)
            .map(|(number, start)| {
                let (who, base, log_file) = (who.clone(), base.clone(), log_file.clone());
                async move {
                    let log = testkit::child::ClientLog(log_file);
                    let mut client = testkit::steadfast::Steadfast { base, log, portal: testkit::steadfast::Kept };
                    book(&mut client, &who, number, start).await
                }
            })
            .buffer_unordered(48)
            .filter(|won| std::future::ready(*won))
            .count()
            .await
    });
    let mut kills = 0;
    while !booking_all.is_finished() {
        tokio::time::sleep(Duration::from_millis(random.random_range(150..500))).await;
        let victim = ["booking", "booking-2", "booking-3"][random.random_range(0..3)];
        kills += i32::from(world.dev().kill(victim).is_ok());
    }
    let won = i64::try_from(booking_all.await.unwrap()).unwrap();
    println!("{won} of {CLIENTS} got one of {places} places, {kills} kills");
    let held = "SELECT count(*) AS n FROM appointment WHERE active AND application_number >= 900001";
    let row = booking.query_one_raw(Statement::from_string(DbBackend::Postgres, held)).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i64>("", "n").unwrap(), won, "places held and places acknowledged differ");
    assert!(won <= places);
    booking.close().await.unwrap();
    prove(world).await;
}

/// Books, however often it takes to get an answer; tells whether there was a place.
async fn book(
    client: &mut testkit::steadfast::Steadfast<testkit::steadfast::Kept>,
    who: &testkit::Api,
    number: i64,
    start: i64,
) -> bool {
    let path = format!("/applications/{number}");
    let right = client.until(who, &format!("{path}/booking"), "the right to book", |_| true).await;
    let choice: Value =
        json!({ "appointments": [{ "person_item_id": right["person_item_ids"][0], "start_at_micros": start }] });
    let key = uuid::Uuid::new_v4().to_string();
    let answer = poll::until(
        "an answer to the booking",
        || {
            let path = format!("{path}/appointments");
            let choice = choice.clone();
            let key = key.clone();
            async move { who.send(reqwest::Method::POST, &path, Some(choice), Some(&key), None).await }
        },
        |answer| !testkit::steadfast::is_unknown(answer),
    )
    .await;
    if answer.status.is_success() {
        client.log.note("appointment", answer.body["appointments"][0]["id"].as_str().unwrap());
        return true;
    }
    assert_eq!(answer.at("appointments[0].start"), Some("SLOT_FULL"), "{answer:?}");
    false
}
