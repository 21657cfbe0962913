//! Runs services: all side by side in one process, or one alone among others elsewhere. Databases, bus, relays,
//! readers, workers and servers are the same either way.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use kernel::Zone;
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::sync::CancellationToken;

use super::{Reader, Service, readers, settled};
use crate::{
    auth::{Auth, RemoteKeys},
    bus::{
        Bus, Consumer,
        in_process::{self, InProcessBus},
        nats::{self, Nats, NatsBus},
    },
    clock::Sources,
    config::{BusConfig, ChassisConfig, Settings},
    context::Context,
    db::{self, Database},
    dial::{Dialer, DialerBuilder, Pipes},
    files::FileStore,
    health,
    lifecycle::Lifecycle,
    operations, relay,
    seal::KeyRing,
    server::{self, Callers, MethodCallers, Register},
    telemetry,
    worker::Worker,
};

/// Where the host keeps things and what time it is there.
#[derive(Clone)]
pub struct HostSettings {
    pub data: PathBuf,
    pub sources: Sources,
    pub keys: KeyRing,
    pub chassis: ChassisConfig,
}

/// Services being put together.
pub struct Host {
    settings: HostSettings,
    zone: Zone,
    dialer: Dialer,
    pipes: Vec<(&'static str, Pipes)>,
    /// Set where this host runs one service alone.
    alone: Option<(&'static str, Nats)>,
    services: Vec<Hosted>,
    workers: Vec<Worker>,
    stop: CancellationToken,
}

struct Hosted {
    context: Context,
    callers: MethodCallers,
    register: Register,
    readers: Vec<Reader>,
}

/// A relay polls this often even when nothing wakes it.
const POLL: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

impl Host {
    /// A host for all services, each reachable through the others' dialer. Waiting for something ends with `stop`.
    pub fn for_all(settings: HostSettings, names: &[&'static str], stop: CancellationToken) -> anyhow::Result<Self> {
        let mut dialer = DialerBuilder::default();
        let pipes = names.iter().map(|name| (*name, dialer.in_process(name))).collect();
        Self::new(settings, dialer.build(), pipes, None, stop)
    }

    /// A host for one service; the others are where the settings say.
    pub async fn for_one(settings: HostSettings, name: &'static str, stop: CancellationToken) -> anyhow::Result<Self> {
        let mut dialer = DialerBuilder::default().remote(&settings.chassis.calls, name);
        let pipes = vec![(name, dialer.in_process(name))];
        let nats = Nats::connect(&settings.chassis.nats, name).await?;
        Self::new(settings, dialer.build(), pipes, Some((name, nats)), stop)
    }

    fn new(
        settings: HostSettings,
        dialer: Dialer,
        pipes: Vec<(&'static str, Pipes)>,
        alone: Option<(&'static str, Nats)>,
        stop: CancellationToken,
    ) -> anyhow::Result<Self> {
        let zone = Zone::parse(&settings.chassis.zone).map_err(|error| anyhow::anyhow!("chassis.zone: {error}"))?;
        settings.chassis.make_currency_home()?;
        Ok(Self { settings, zone, dialer, pipes, alone, services: Vec::new(), workers: Vec::new(), stop })
    }

    /// Opens a service's database and wires it.
    pub async fn add<S: Service>(&mut self, settings: &mut Settings) -> anyhow::Result<Context> {
        let config = settings.section::<S::Config>(S::NAME).with_context(|| settings.faults().join("\n"))?;
        let host = &self.settings;
        let url = host.chassis.database.url_of(S::NAME, &host.data)?;
        let db = db::open(&url, &host.chassis.database, S::migrations, &self.stop)
            .await
            .with_context(|| format!("the database of {}", S::NAME))?;
        let kept = settled::settle(&db, "currency", &host.chassis.currency).await?;
        if kept != host.chassis.currency {
            bail!(
                "chassis.currency: the sums of {} are in {kept}, and {} can't take its place: set it back, or begin with \
                 new data",
                S::NAME,
                host.chassis.currency
            );
        }
        let context = Context {
            service: S::NAME,
            db,
            sources: host.sources.clone(),
            auth: Auth::new(Arc::new(RemoteKeys(self.dialer.clone())), host.sources.clone()),
            dialer: self.dialer.clone(),
            sealer: host.keys.sealer(S::NAME, &host.sources)?,
            keys: host.keys.clone(),
            files: FileStore::open(&host.chassis.files, &host.data, S::NAME, &host.sources)?,
            zone: self.zone.clone(),
            system: Arc::default(),
        };
        let wired = S::start(context.clone(), config).await.with_context(|| format!("starting {}", S::NAME))?;
        if let Some(reader) = wired.readers.iter().find(|reader| !S::READS.contains(&reader.producer)) {
            bail!("{} reads {}, which {} does not list", reader.name, reader.producer, S::NAME);
        }
        self.services.push(Hosted {
            context: context.clone(),
            callers: S::CALLERS,
            register: wired.register,
            readers: wired.readers,
        });
        self.workers.extend(wired.workers);
        Ok(context)
    }

    pub fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// The databases, to be closed after the stop.
    pub fn databases(&self) -> Vec<Database> {
        self.services.iter().map(|hosted| hosted.context.db.clone()).collect()
    }

    /// Serves the services and lets facts flow, until the lifecycle stops.
    pub async fn start(mut self, listener: TcpListener, lifecycle: &Lifecycle) -> anyhow::Result<()> {
        let chassis = self.settings.chassis.clone();
        let sources = self.settings.sources.clone();
        let mut operated = Vec::new();
        for hosted in &self.services {
            for reader in &hosted.readers {
                readers::note(&hosted.context.db, reader, sources.now()).await?;
            }
            operated.push((hosted.context.clone(), hosted.consumers()));
        }
        let consumers = operated.iter().flat_map(|(_, consumers)| consumers.clone()).collect();
        let (tls, callers) = match &self.alone {
            None => {
                self.start_in_process(consumers, lifecycle).await?;
                (None, None)
            }
            Some((name, nats)) => {
                self.start_on_nats(nats, consumers, lifecycle);
                let tls = &chassis.calls.tls;
                if tls.is_on() {
                    let methods = self.services.first().map_or(&[][..], |hosted| hosted.callers);
                    (Some(tls.of(name).server()?), Some(Callers::new(name, methods, &tls.programs)))
                } else {
                    (None, None)
                }
            }
        };
        for hosted in &self.services {
            start_cleaning(&hosted.context, lifecycle, &chassis.bus);
        }
        for (context, consumers) in &operated {
            self.workers.extend(telemetry::measuring(context, consumers));
        }
        for worker in std::mem::take(&mut self.workers) {
            worker.start(lifecycle, &sources);
        }
        let mut registers = Vec::new();
        let mut watched = Vec::new();
        for ((hosted, (_, pipes)), own) in self.services.into_iter().zip(self.pipes).zip(&operated) {
            let routes = server::routes(&hosted.register, operations::Grpc::new(vec![own.clone()]));
            lifecycle.spawn(server::serve_pipes(routes, pipes, lifecycle.closing()));
            watched.push((hosted.context.service, hosted.context.db.clone()));
            registers.push((hosted.context.service, hosted.register));
        }
        let (routes, reporter) = server::public_routes(&registers, operations::Grpc::new(operated))?;
        health::report(reporter, watched, lifecycle, &sources).await;
        lifecycle.spawn(server::serve_tcp(routes, listener, tls, callers, lifecycle.closing()));
        Ok(())
    }

    fn is_held(&self, consumer: &Consumer) -> bool {
        self.settings.chassis.bus.held.iter().any(|name| name == consumer.name)
    }

    async fn start_in_process(&self, consumers: Vec<Consumer>, lifecycle: &Lifecycle) -> anyhow::Result<()> {
        let sources = &self.settings.sources;
        let bus = Arc::new(InProcessBus::new(&consumers));
        for consumer in consumers {
            let producer = self
                .services
                .iter()
                .find(|hosted| hosted.context.service == consumer.producer)
                .map(|hosted| hosted.context.db.clone())
                .with_context(|| format!("{} reads {}, which does not run here", consumer.name, consumer.producer))?;
            let backlog = in_process::register(&producer, consumer.name, consumer.facts, sources.now()).await?;
            if !self.is_held(&consumer) {
                start_reader(producer, consumer, backlog, &bus, sources, lifecycle);
            }
        }
        for hosted in &self.services {
            start_relay(&hosted.context, bus.clone(), lifecycle);
        }
        Ok(())
    }

    fn start_on_nats(&self, nats: &Nats, consumers: Vec<Consumer>, lifecycle: &Lifecycle) {
        for consumer in consumers.into_iter().filter(|consumer| !self.is_held(consumer)) {
            let (nats, sources) = (nats.clone(), self.settings.sources.clone());
            lifecycle.spawn(nats::consume::run(nats, consumer, sources, lifecycle.stopping()));
        }
        for hosted in &self.services {
            let bus = Arc::new(NatsBus::new(nats.clone(), hosted.context.service));
            start_relay(&hosted.context, bus, lifecycle);
        }
    }
}

impl Hosted {
    fn consumers(&self) -> Vec<Consumer> {
        self.readers
            .iter()
            .map(|reader| Consumer {
                name: reader.name,
                producer: reader.producer,
                facts: reader.facts,
                db: self.context.db.clone(),
                handler: Arc::clone(&reader.handler),
            })
            .collect()
    }
}

fn start_relay(context: &Context, bus: Arc<dyn Bus>, lifecycle: &Lifecycle) {
    let (db, sources) = (context.db.clone(), context.sources.clone());
    Worker::new("relay", POLL, db.outbox_wake(), move || {
        let (db, sources, bus) = (db.clone(), sources.clone(), Arc::clone(&bus));
        async move { relay::step(&db, &bus, &sources).await }
    })
    .start(lifecycle, &context.sources);
}

fn start_cleaning(context: &Context, lifecycle: &Lifecycle, bus: &BusConfig) {
    let days = |count: u32| Duration::from_secs(u64::from(count) * 24 * 3600);
    let (kept, remembered) = (days(bus.retention_days), days(bus.remembered_days));
    let cleaned = context.clone();
    Worker::new("clean", HOUR, Arc::new(Notify::new()), move || {
        let context = cleaned.clone();
        async move {
            context.forget_answers().await?;
            relay::clean(&context.db, &context.sources, kept, remembered).await
        }
    })
    .start(lifecycle, &context.sources);
}

fn start_reader(
    producer: Database,
    consumer: Consumer,
    backlog: in_process::Backlog,
    bus: &Arc<InProcessBus>,
    sources: &Sources,
    lifecycle: &Lifecycle,
) {
    let wake = bus.wake(consumer.name);
    let kept = sources.clone();
    Worker::new(consumer.name, POLL, wake, move || {
        let (producer, consumer, sources) = (producer.clone(), consumer.clone(), kept.clone());
        async move { in_process::step(&producer, &consumer, backlog, &sources).await }
    })
    .start(lifecycle, sources);
}
