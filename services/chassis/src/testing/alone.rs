//! The world of one service alone.

use std::{sync::Arc, time::Duration};

use kernel::{Actor, Time, Zone};
use proto::{
    Fact,
    common::v1::Envelope,
    identity::v1::{AccessToken, Account, CreateSystemTokenRequest, GetAccountRequest},
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, prelude::*};
use tempfile::TempDir;

use super::{Caller, Coverage, Fakes, TestKeys, people};
use crate::{
    auth::Auth,
    bus::Consumer,
    clock::{Sources, TestClock},
    config::{self, ChassisConfig, Settings},
    context::Context,
    db::Database,
    dial::{Channel, DialerBuilder},
    files::FileStore,
    inbox::{self, Arrived, Outcome},
    lifecycle::Lifecycle,
    operations, outbox,
    seal::KeyRing,
    server,
    service::{Reader, Service},
    worker::Worker,
};

pub(super) const SERVICES: [&str; 7] =
    ["identity", "applications", "participants", "billing", "payments", "booking", "notifications"];
/// A Monday, 10 o'clock at the centre.
const MONDAY: &str = "2026-11-23T05:00:00Z";

/// One service with everything it needs and nobody beside it.
pub struct Alone {
    pub context: Context,
    pub clock: TestClock,
    /// The other services.
    pub fakes: Fakes,
    keys: TestKeys,
    coverage: Coverage,
    consumers: Vec<Consumer>,
    workers: Vec<Worker>,
    channel: Channel,
    lifecycle: Lifecycle,
    _folder: TempDir,
}

/// What became of a fact that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Applied, now or before.
    Applied,
    /// To be delivered again.
    Again,
    /// Waits for a person, for this reason.
    Parked(String),
}

impl Alone {
    /// Brings a service up with its default settings.
    pub async fn start<S: Service>(coverage: &Coverage) -> Self {
        Self::start_with::<S>(coverage, &[]).await
    }

    /// Brings a service up with some of its settings changed.
    pub async fn start_with<S: Service>(coverage: &Coverage, changes: &[(&str, serde_json::Value)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at(Time::parse_rfc3339(MONDAY).unwrap());
        let sources = Sources::with_clock(Arc::new(clock.clone()));
        let keys = TestKeys::new(&sources);
        let mut settings = Settings::load(&[("chassis", config::DEFAULTS), (S::NAME, S::DEFAULTS)], None, false);
        for (key, value) in changes {
            settings.set(key, value);
        }
        let chassis: Option<ChassisConfig> = settings.section("chassis");
        let config = settings.section::<S::Config>(S::NAME);
        let (Some(chassis), Some(config)) = (chassis, config) else { panic!("{:#?}", settings.faults()) };
        let (fakes, mut dialer) = (Fakes::default(), DialerBuilder::default());
        for other in SERVICES.into_iter().filter(|other| *other != S::NAME) {
            fakes.stand_in(other, &mut dialer);
        }
        stand_in_for_identity(&fakes, &keys);
        let pipes = dialer.in_process(S::NAME);
        let dialer = dialer.build();
        let ring = KeyRing::open(&folder.path().join("keys"), false, &sources).unwrap();
        let context = Context {
            service: S::NAME,
            db: super::database(folder.path(), S::NAME, S::migrations).await,
            auth: Auth::new(Arc::new(keys.clone()), sources.clone()),
            dialer: dialer.clone(),
            sealer: ring.sealer(S::NAME, &sources).unwrap(),
            keys: ring,
            files: FileStore::open(&chassis.files, folder.path(), S::NAME, &sources).unwrap(),
            zone: Zone::parse(&chassis.zone).unwrap(),
            sources,
            system: Arc::default(),
        };
        let wired = S::start(context.clone(), config).await.unwrap();
        coverage.promise(S::NAME, wired.readers.iter().flat_map(|reader| reader.facts.iter().copied()));
        let consumers: Vec<Consumer> = wired.readers.into_iter().map(|reader| consumer(reader, &context.db)).collect();
        let lifecycle = Lifecycle::default();
        let operated = operations::Grpc::new(vec![(context.clone(), consumers.clone())]);
        let routes = server::routes(&wired.register, operated);
        lifecycle.spawn(server::serve_pipes(routes, pipes, lifecycle.closing()));
        Self {
            clock,
            fakes,
            keys,
            coverage: coverage.clone(),
            consumers,
            workers: wired.workers,
            channel: dialer.channel(S::NAME).unwrap(),
            lifecycle,
            _folder: folder,
            context,
        }
    }

    /// A way to call the service as somebody; tonic's client is made over it.
    pub fn by(&self, actor: Actor) -> Caller {
        Caller {
            channel: self.channel.clone(),
            keys: self.keys.clone(),
            coverage: self.coverage.clone(),
            actor,
            idempotency_key: None,
        }
    }

    pub fn now(&self) -> Time {
        self.context.sources.now()
    }

    /// Moves the clock by so many hours.
    pub fn pass_hours(&self, hours: u64) {
        self.clock.advance(Duration::from_secs(hours * 3600));
    }

    /// A fact of another context in its envelope.
    pub fn envelope<F: Fact>(&self, aggregate: impl ToString, version: i64, fact: &F) -> Envelope {
        Envelope {
            event_id: self.context.sources.uuid().to_string(),
            r#type: F::TYPE.to_owned(),
            major: 1,
            producer: producer::<F>().to_owned(),
            aggregate_type: F::AGGREGATE.to_owned(),
            aggregate_id: aggregate.to_string(),
            aggregate_version: version,
            occurred_at_micros: self.now().micros(),
            payload: fact.encode_to_vec(),
            ..Envelope::default()
        }
    }

    /// Hands the service a fact of another context, twice as a bus may: it must be applied, and the second time must
    /// tell nobody anything.
    pub async fn tell<F: Fact>(&self, aggregate: impl ToString, version: i64, fact: &F) {
        let envelope = self.envelope(aggregate, version, fact);
        assert_eq!(self.deliver(&envelope, 1).await, Delivered::Applied, "{}", F::TYPE);
        let told = self.outbox().await.len();
        assert_eq!(self.deliver(&envelope, 2).await, Delivered::Applied, "{} again", F::TYPE);
        assert_eq!(self.outbox().await.len(), told, "{} a second time had an effect", F::TYPE);
    }

    /// Delivers an envelope to the reader that acts on it, through its inbox.
    pub async fn deliver(&self, envelope: &Envelope, deliveries: u32) -> Delivered {
        let mut became = self.deliver_together(&[envelope], deliveries).await;
        assert_eq!(became.len(), 1);
        became.remove(0)
    }

    /// Delivers envelopes of one producer in one batch; tells what became of each.
    pub async fn deliver_together(&self, envelopes: &[&Envelope], deliveries: u32) -> Vec<Delivered> {
        let first = envelopes.first().unwrap();
        let acts = |reader: &&Consumer| {
            reader.producer == first.producer && reader.facts.iter().any(|fact| *fact == first.r#type)
        };
        let reader = self.consumers.iter().find(acts).unwrap_or_else(|| panic!("nobody reads {}", first.r#type));
        let arrived = envelopes.iter().map(|envelope| Arrived {
            event_id: envelope.event_id.clone(),
            body: prost::Message::encode_to_vec(*envelope),
            deliveries,
        });
        let outcomes = inbox::apply(reader, arrived.collect(), &self.context.sources).await.unwrap();
        assert_eq!(outcomes.len(), envelopes.len());
        let mut became = Vec::new();
        for envelope in envelopes {
            let again = |(id, outcome): &(String, Outcome)| *id == envelope.event_id && *outcome != Outcome::Done;
            if outcomes.iter().any(again) {
                became.push(Delivered::Again);
                continue;
            }
            let key = (reader.name.to_owned(), envelope.event_id.clone());
            let parked = inbox::parked::Entity::find_by_id(key).one(self.context.db.read()).await.unwrap();
            became.push(parked.map_or(Delivered::Applied, |parked| Delivered::Parked(parked.reason)));
            if became.last() == Some(&Delivered::Applied) {
                self.coverage.read(&envelope.r#type);
            }
        }
        became
    }

    /// The facts of one kind that stand in the outbox, oldest first.
    pub async fn published<F: Fact>(&self) -> Vec<F> {
        let rows = self.outbox().await;
        let facts: Vec<F> = rows
            .iter()
            .filter(|envelope| envelope.r#type == F::TYPE)
            .map(|envelope| inbox::payload(envelope).unwrap())
            .collect();
        if !facts.is_empty() {
            self.coverage.published(F::TYPE);
        }
        facts
    }

    /// All that stands in the outbox, oldest first.
    pub async fn outbox(&self) -> Vec<Envelope> {
        let rows = outbox::Entity::find().order_by_asc(outbox::Column::Seq).all(self.context.db.read()).await.unwrap();
        rows.iter().map(|row| prost::Message::decode(row.envelope.as_slice()).unwrap()).collect()
    }

    /// How often an act stands in the service's audit log.
    pub async fn audited(&self, action: &str) -> u64 {
        use crate::audit::row::{Column, Entity};
        Entity::find().filter(Column::Action.eq(action)).count(self.context.db.read()).await.unwrap()
    }

    /// Takes one step of a worker by hand; tells how much it did.
    pub async fn step(&self, worker: &str) -> u64 {
        let found = self.workers.iter().find(|known| known.name() == worker);
        found.unwrap_or_else(|| panic!("no worker {worker}")).step().await.unwrap()
    }

    /// Stops the service; a fact that was parked unasked fails the test.
    pub async fn end(self) {
        let parked = inbox::parked::Entity::find().all(self.context.db.read()).await.unwrap();
        assert!(parked.is_empty(), "left parked: {parked:#?}");
        assert!(self.lifecycle.stop(Duration::ZERO).await, "the service did not stop");
        self.context.db.close().await;
    }
}

/// A reader with the database of its service.
pub(super) fn consumer(reader: Reader, db: &Database) -> Consumer {
    Consumer {
        name: reader.name,
        producer: reader.producer,
        facts: reader.facts,
        db: db.clone(),
        handler: reader.handler,
    }
}

/// The context that publishes a fact.
fn producer<F: Fact>() -> &'static str {
    F::TYPE.split('.').nth(1).unwrap()
}

pub(super) fn stand_in_for_identity(fakes: &Fakes, keys: &TestKeys) {
    let keys = keys.clone();
    // Nobody of the staff is disabled, unless a test says otherwise.
    fakes.on("identity.Identity/GetAccount", |_: GetAccountRequest| Ok(Account::default()));
    fakes.on("identity.Identity/CreateSystemToken", move |request: CreateSystemTokenRequest| {
        let token = keys.token(&people::service(&request.service)).unwrap();
        Ok(AccessToken { token, expires_in_seconds: 60, account: None })
    });
}
