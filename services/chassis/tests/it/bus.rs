//! What both buses promise alike: at least once from outbox to inbox, once in effect, whatever is repeated, fails, or was
//! away. On SQLite the bus is the one inside the process; on PostgreSQL it is NATS, on a server of the test's own.

use std::{process::Stdio, sync::Arc, time::Duration};

use chassis::{
    Database, Error,
    bus::{
        Bus, Consumer,
        in_process::{self, Backlog, InProcessBus},
        nats::{self, Nats, NatsBus, NatsConfig, compare},
    },
    clock::Sources,
    inbox, outbox,
    outbox::Outbox,
    relay,
    testing::{database, until::until},
};
use proto::{
    Fact as _,
    booking::v1::{AppointmentBooked, Visit},
};
use sea_orm::{DbBackend, EntityTrait as _, PaginatorTrait as _, sea_query::Expr};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::registry::{Handler, migrations, value};

/// A producer, a reader, and the bus between them.
struct Rig {
    producer: Database,
    consumer: Consumer,
    seam: Seam,
    sources: Sources,
    stop: CancellationToken,
    folder: TempDir,
}

#[derive(Clone)]
enum Seam {
    InProcess(Arc<InProcessBus>, Backlog),
    Nats(Nats),
}

/// nats-server with a store of its own, ended with the test.
async fn server(folder: &TempDir) -> (Child, u16) {
    let port = chassis::ports::free().unwrap();
    let child = Command::new("nats-server")
        .args(["--addr", "127.0.0.1", "--port", &port.to_string(), "--jetstream", "--store_dir"])
        .arg(folder.path().join("nats"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("nats-server is not installed: ./tests/run installs it");
    (child, port)
}

fn settings(port: u16) -> NatsConfig {
    NatsConfig {
        url: format!("nats://127.0.0.1:{port}"),
        nkey_file: String::new(),
        ca_file: String::new(),
        replicas: 1,
        max_age_days: 14,
        duplicate_window_hours: 24,
    }
}

impl Rig {
    async fn start() -> (Self, Option<Child>) {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources::system();
        let producer = database(folder.path(), "producer", migrations).await;
        let consumer = Consumer {
            name: "participants-from-booking",
            producer: "booking",
            facts: &[AppointmentBooked::TYPE],
            db: database(folder.path(), "reader", migrations).await,
            handler: Arc::new(Handler),
        };
        let (seam, child) = if producer.backend() == DbBackend::Postgres {
            let (child, port) = server(&folder).await;
            (Seam::Nats(Nats::connect(&settings(port), "booking").await.unwrap()), Some(child))
        } else {
            let registered = in_process::register(&producer, consumer.name, consumer.facts, sources.now());
            let backlog = registered.await.unwrap();
            (Seam::InProcess(Arc::new(InProcessBus::new(std::slice::from_ref(&consumer))), backlog), None)
        };
        (Self { producer, consumer, seam, sources, stop: CancellationToken::new(), folder }, child)
    }

    /// Relays until stopped.
    fn relay(&self) {
        let bus: Arc<dyn Bus> = match &self.seam {
            Seam::InProcess(bus, _) => bus.clone(),
            Seam::Nats(nats) => Arc::new(NatsBus::new(nats.clone(), "booking")),
        };
        let (db, sources, stop) = (self.producer.clone(), self.sources.clone(), self.stop.clone());
        tokio::spawn(async move {
            while !stop.is_cancelled() {
                if relay::step(&db, &bus, &sources).await.unwrap_or(0) == 0 {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        });
    }

    /// Reads until stopped.
    fn read(&self, stop: &CancellationToken) {
        let (producer, consumer) = (self.producer.clone(), self.consumer.clone());
        let (sources, stop) = (self.sources.clone(), stop.clone());
        match &self.seam {
            Seam::Nats(nats) => {
                tokio::spawn(nats::consume::run(nats.clone(), consumer, sources, stop));
            }
            Seam::InProcess(_, backlog) => {
                let backlog = *backlog;
                tokio::spawn(async move {
                    while !stop.is_cancelled() {
                        if in_process::step(&producer, &consumer, backlog, &sources).await.unwrap_or(0) == 0 {
                            tokio::time::sleep(Duration::from_millis(10)).await;
                        }
                    }
                });
            }
        }
    }

    async fn tell(&self, aggregate: &str, version: i64, state: &str) {
        let (sources, aggregate, state) = (self.sources.clone(), aggregate.to_owned(), state.to_owned());
        self.producer
            .write(move |tx| async move {
                let fact = AppointmentBooked { visit: Some(Visit { state, ..Visit::default() }) };
                Outbox::new(&tx, &sources, "booking", aggregate, version).append(&fact).await
            })
            .await
            .unwrap();
    }

    async fn applied(&self, aggregate: &str) -> i64 {
        value(self.consumer.db.read(), &format!("fact-{aggregate}")).await.unwrap_or(0)
    }

    async fn remembered(&self) -> u64 {
        inbox::applied::Entity::find().count(self.consumer.db.read()).await.unwrap()
    }

    fn end(self) {
        self.stop.cancel();
        drop(self.folder);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fact_has_its_effect_once_however_often_it_is_published() {
    let (rig, _server) = Rig::start().await;
    for fact in 0..120_i64 {
        rig.tell(&format!("apt_{}", fact % 12), fact / 12 + 1, "booked").await;
    }
    rig.relay();
    rig.read(&rig.stop);
    until("all facts applied", || rig.remembered(), |count| *count == 120).await;
    for aggregate in 0..12 {
        assert_eq!(rig.applied(&format!("apt_{aggregate}")).await, 10);
    }
    // As after a loss: everything is published once more.
    let again = outbox::Entity::update_many().col_expr(outbox::Column::PublishedAt, Expr::value(None::<i64>));
    rig.producer
        .write(move |tx| async move {
            again.exec(&*tx).await?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    rig.tell("apt_last", 1, "booked").await;
    until("the last fact applied", || rig.applied("apt_last"), |count| *count == 1).await;
    for aggregate in 0..12 {
        assert_eq!(rig.applied(&format!("apt_{aggregate}")).await, 10);
    }
    rig.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_comes_again_later_and_holds_nobody_up() {
    let (rig, _server) = Rig::start().await;
    rig.relay();
    rig.read(&rig.stop);
    rig.tell("apt_slow", 1, "failing-once").await;
    rig.tell("apt_other", 1, "booked").await;
    until("the other's fact applied", || rig.applied("apt_other"), |count| *count == 1).await;
    until("the failed fact applied", || rig.applied("apt_slow"), |count| *count == 1).await;
    rig.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_was_away_gets_what_it_missed() {
    let (rig, _server) = Rig::start().await;
    rig.relay();
    let first = CancellationToken::new();
    rig.read(&first);
    rig.tell("apt_1", 1, "booked").await;
    until("the first fact applied", || rig.applied("apt_1"), |count| *count == 1).await;
    first.cancel();
    for version in 2..40 {
        rig.tell("apt_1", version, "booked").await;
    }
    rig.read(&rig.stop);
    until("what was missed", || rig.applied("apt_1"), |count| *count == 39).await;
    rig.end();
}

/// A server that does not know a setting drops it without a word; one that knows it keeps it.
#[tokio::test]
async fn settings_that_a_server_dropped_are_told() {
    let mut asked = nats::stream_config("booking", &settings(4222));
    let found = asked.clone();
    assert_eq!(compare::differences(&asked, &found), Vec::<String>::new());
    asked.metadata.insert("owner".to_owned(), "portal".to_owned());
    let told = compare::differences(&asked, &found);
    assert!(told.len() == 1 && told[0].starts_with("metadata: asked"), "{told:?}");
    let shorter = async_nats::jetstream::stream::Config { max_age: Duration::from_secs(60), ..found.clone() };
    assert!(compare::differences(&found, &shorter)[0].starts_with("max_age"));
}
