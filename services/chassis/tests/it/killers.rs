//! A fact whose handling kills the process, which no handler can tell of: on the embedded bus it is parked after some
//! starts, and the others arrive meanwhile. (NATS counts deliveries itself.)

use std::{path::Path, process::Stdio, sync::Arc};

use chassis::{
    Error,
    bus::{
        Bus, Consumer,
        in_process::{self, InProcessBus},
    },
    clock::Sources,
    inbox,
    outbox::Outbox,
    relay,
    testing::sqlite,
};
use proto::{
    Fact as _,
    booking::v1::{AppointmentBooked, Visit},
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use tokio::process::Command;

use crate::registry::{Handler, migrations, value};

const FOLDER: &str = "PORTAL_TEST_FOLDER";
/// Every one, the killing one included, is remembered in the end.
const FACTS: u64 = 21;
/// Deliveries after which a fact is parked, and the one that was not counted yet when the first process died.
const DEATHS: u32 = 9;

async fn consumer(folder: &Path) -> Consumer {
    Consumer {
        name: "participants-from-booking",
        producer: "booking",
        facts: &[AppointmentBooked::TYPE],
        db: sqlite(folder, "reader", migrations).await,
        handler: Arc::new(Handler),
    }
}

/// Not a test but the process of one: reads until everything has arrived, unless it dies of it.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test speaks to its child by environment")]
async fn reading() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let (folder, sources) = (Path::new(&folder), Sources::system());
    let producer = sqlite(folder, "producer", migrations).await;
    let consumer = consumer(folder).await;
    let backlog = in_process::register(&producer, consumer.name, consumer.facts, sources.now()).await.unwrap();
    let bus: Arc<dyn Bus> = Arc::new(InProcessBus::new(std::slice::from_ref(&consumer)));
    while inbox::applied::Entity::find().count(consumer.db.read()).await.unwrap() < FACTS {
        relay::step(&producer, &bus, &sources).await.unwrap();
        in_process::step(&producer, &consumer, backlog, &sources).await.unwrap();
    }
}

#[tokio::test]
async fn a_fact_that_kills_the_process_is_parked_after_some_starts() {
    let (folder, sources) = (tempfile::tempdir().unwrap(), Sources::system());
    let producer = sqlite(folder.path(), "producer", migrations).await;
    let told = sources.clone();
    producer
        .write(move |tx| async move {
            for number in 0..FACTS {
                let state = if number == 7 { "killing" } else { "booked" }.to_owned();
                let fact = AppointmentBooked { visit: Some(Visit { state, ..Visit::default() }) };
                Outbox::new(&tx, &told, "booking", format!("apt_{number}"), 1).append(&fact).await?;
            }
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    producer.close().await;

    let mut deaths = 0;
    loop {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["killers::reading", "--exact"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await
            .unwrap();
        if status.success() {
            break;
        }
        deaths += 1;
        assert!(deaths <= DEATHS, "the fact goes on killing");
        let reader = consumer(folder.path()).await.db;
        if deaths > 3 {
            // Once each has been tried alone, only the killing one is left.
            assert_eq!(inbox::applied::Entity::find().count(reader.read()).await.unwrap(), FACTS - 1, "death {deaths}");
        }
        reader.close().await;
    }
    assert_eq!(deaths, DEATHS);
    let reader = consumer(folder.path()).await.db;
    let parked = inbox::parked::Entity::find().all(reader.read()).await.unwrap();
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!((parked[0].aggregate_id.as_str(), parked[0].reason.as_str()), ("apt_7", "delivered too often"));
    for number in (0..FACTS).filter(|number| *number != 7) {
        assert_eq!(value(reader.read(), &format!("fact-apt_{number}")).await, Some(1), "apt_{number}");
    }
}
