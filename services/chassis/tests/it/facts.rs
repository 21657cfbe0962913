//! Facts out and in: told with the change they tell of, applied once, and one that can't be stops its own aggregate only.

use chassis::{
    Error,
    outbox::Outbox,
    testing::{Alone, Delivered},
};
use proto::{
    booking::v1::{AppointmentBooked, Visit},
    common::v1::Envelope,
    identity::v1::UserDisabled,
};

use crate::registry::{add, start, value};

fn booked(state: &str) -> AppointmentBooked {
    AppointmentBooked { visit: Some(Visit { state: state.to_owned(), ..Visit::default() }) }
}

async fn applied(world: &Alone, aggregate: &str) -> i64 {
    value(world.context.db.read(), &format!("fact-{aggregate}")).await.unwrap_or(0)
}

#[tokio::test]
async fn a_fact_leaves_with_its_change_or_not_at_all() {
    let world = start().await;
    let told = async |version: i64, fails: bool| {
        let sources = world.context.sources.clone();
        world
            .context
            .db
            .write(move |tx| async move {
                add(&tx, "changes", 1).await?;
                let fact = UserDisabled { account_id: version.to_string() };
                Outbox::new(&tx, &sources, "participants", "acc_1", version).append(&fact).await?;
                if fails { Err(Error::VersionConflict) } else { Ok(()) }
            })
            .await
    };
    told(1, false).await.unwrap();
    told(2, true).await.unwrap_err();
    // Two changes that both believe to be the second: one is told, the other is undone whole.
    told(2, false).await.unwrap();
    told(2, false).await.unwrap_err();
    let facts = world.published::<UserDisabled>().await;
    assert_eq!(facts.iter().map(|fact| fact.account_id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(value(world.context.db.read(), "changes").await, Some(2));
    world.end().await;
}

#[tokio::test]
async fn a_delivery_that_comes_again_has_no_second_effect() {
    let world = start().await;
    let envelope = world.envelope("apt_1", 1, &booked("booked"));
    let deliveries = (1..=20).map(|n| world.deliver(&envelope, n));
    let outcomes = futures::future::join_all(deliveries).await;
    assert!(outcomes.iter().all(|outcome| *outcome == Delivered::Applied), "{outcomes:?}");
    assert_eq!(applied(&world, "apt_1").await, 1);
    world.end().await;
}

#[tokio::test]
async fn a_batch_is_applied_but_for_what_can_not_be_and_each_fact_once() {
    let world = start().await;
    let [first, second, third] = [1, 2, 3].map(|version| world.envelope("apt_1", version, &booked("booked")));
    let other = world.envelope("apt_2", 1, &booked("booked"));
    let torn = Envelope { payload: vec![0xff, 0xff, 0xff], ..second };
    // The bus gave one of them twice.
    let became = world.deliver_together(&[&first, &other, &first], 1).await;
    assert_eq!(became, [Delivered::Applied, Delivered::Applied, Delivered::Applied]);
    let later = world.envelope("apt_2", 2, &booked("booked"));
    let became = world.deliver_together(&[&later, &torn, &third], 1).await;
    assert_eq!(became[0], Delivered::Applied);
    assert!(matches!(&became[1], Delivered::Parked(reason) if reason.contains("is no")), "{became:?}");
    assert!(matches!(&became[2], Delivered::Parked(reason) if reason.contains("earlier")), "{became:?}");
    assert_eq!((applied(&world, "apt_1").await, applied(&world, "apt_2").await), (1, 2));
}

#[tokio::test]
async fn what_can_not_be_read_is_parked_and_stops_its_own_aggregate_only() {
    let world = start().await;
    let whole = world.envelope("apt_1", 2, &booked("booked"));
    let garbled = Envelope { payload: vec![0xff, 0xff, 0xff], ..whole.clone() };
    let before = world.envelope("apt_1", 1, &booked("booked"));
    assert!(matches!(world.deliver(&garbled, 1).await, Delivered::Parked(reason) if reason.contains("is no")));
    // What comes after it waits behind it; what came before, and what is another's, does not.
    for version in [3, 4] {
        let later = world.envelope("apt_1", version, &booked("booked"));
        let parked = world.deliver(&later, 1).await;
        assert!(matches!(&parked, Delivered::Parked(reason) if reason.contains("earlier")), "{parked:?}");
    }
    assert_eq!(world.deliver(&before, 1).await, Delivered::Applied);
    let other = world.envelope("apt_2", 9, &booked("booked"));
    assert_eq!(world.deliver(&other, 1).await, Delivered::Applied);
    assert_eq!((applied(&world, "apt_1").await, applied(&world, "apt_2").await), (1, 1));
    // It is never delivered into a loop: what is parked is done with, for the bus.
    assert!(matches!(world.deliver(&garbled, 2).await, Delivered::Parked(_)));
}

#[tokio::test]
async fn what_always_fails_is_tried_so_often_and_then_parked() {
    for state in ["failing", "panicking"] {
        let world = start().await;
        let envelope = world.envelope("apt_1", 1, &booked(state));
        for deliveries in 1..8 {
            assert_eq!(world.deliver(&envelope, deliveries).await, Delivered::Again, "{state}, {deliveries}");
            // Between its deliveries another aggregate goes on.
            let other = world.envelope("apt_2", i64::from(deliveries), &booked("booked"));
            assert_eq!(world.deliver(&other, 1).await, Delivered::Applied);
        }
        assert!(matches!(world.deliver(&envelope, 8).await, Delivered::Parked(_)), "{state}");
        assert_eq!((applied(&world, "apt_1").await, applied(&world, "apt_2").await), (0, 7), "{state}");
    }
}
