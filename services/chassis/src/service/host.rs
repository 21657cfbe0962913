//! Runs services side by side in one process: databases, bus, relays, readers, workers and servers.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use kernel::Zone;
use tokio::{net::TcpListener, sync::Notify};

use super::{Reader, Service};
use crate::{
    auth::{Auth, RemoteKeys},
    bus::{
        Bus, Consumer,
        in_process::{self, InProcessBus},
    },
    clock::Sources,
    config::{ChassisConfig, Settings},
    context::Context,
    db::{self, Database},
    dial::{Dialer, DialerBuilder, Pipes},
    files::FileStore,
    lifecycle::Lifecycle,
    relay,
    seal::KeyRing,
    server::{self, Register},
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
    services: Vec<(&'static str, Context, Register)>,
    readers: Vec<(Context, Reader)>,
    workers: Vec<Worker>,
}

/// A relay polls this often even when nothing wakes it.
const POLL: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

impl Host {
    /// A host for the services of these names, each reachable through the others' dialer.
    pub fn new(settings: HostSettings, names: &[&'static str]) -> anyhow::Result<Self> {
        let zone = Zone::parse(&settings.chassis.zone).map_err(|error| anyhow::anyhow!("chassis.zone: {error}"))?;
        let mut dialer = DialerBuilder::default();
        let pipes = names.iter().map(|name| (*name, dialer.in_process(name))).collect();
        Ok(Self {
            settings,
            zone,
            dialer: dialer.build(),
            pipes,
            services: Vec::new(),
            readers: Vec::new(),
            workers: Vec::new(),
        })
    }

    /// Opens a service's database and wires it.
    pub async fn add<S: Service>(&mut self, settings: &mut Settings) -> anyhow::Result<Context> {
        let config = settings.section::<S::Config>(S::NAME).with_context(|| settings.faults().join("\n"))?;
        let host = &self.settings;
        let url = if host.chassis.database.url.is_empty() {
            format!("sqlite://{}?mode=rwc", host.data.join(format!("{}.db", S::NAME)).display())
        } else {
            host.chassis.database.url.clone()
        };
        let db = db::open(&url, host.chassis.database.connections_max, S::migrations)
            .await
            .with_context(|| format!("the database of {}", S::NAME))?;
        let context = Context {
            service: S::NAME,
            db,
            sources: host.sources.clone(),
            auth: Auth::new(Arc::new(RemoteKeys(self.dialer.clone())), host.sources.clone()),
            dialer: self.dialer.clone(),
            sealer: host.keys.sealer(S::NAME, &host.sources)?,
            keys: host.keys.clone(),
            files: FileStore::on_disk(&host.data.join("files").join(S::NAME), &host.sources)?,
            zone: self.zone.clone(),
            system: Arc::default(),
        };
        let wired = S::start(context.clone(), config).await.with_context(|| format!("starting {}", S::NAME))?;
        self.services.push((S::NAME, context.clone(), wired.register));
        self.readers.extend(wired.readers.into_iter().map(|reader| (context.clone(), reader)));
        self.workers.extend(wired.workers);
        Ok(context)
    }

    pub fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// Serves the services and lets facts flow, until the lifecycle stops.
    pub async fn start(self, listener: TcpListener, lifecycle: &Lifecycle) -> anyhow::Result<()> {
        let held = &self.settings.chassis.bus.held;
        let sources = &self.settings.sources;
        let consumers: Vec<Consumer> = self
            .readers
            .into_iter()
            .map(|(context, reader)| Consumer {
                name: reader.name,
                producer: reader.producer,
                facts: reader.facts,
                db: context.db,
                handler: reader.handler,
            })
            .collect();
        let bus = Arc::new(InProcessBus::new(&consumers));
        for consumer in consumers {
            let producer = self
                .services
                .iter()
                .find(|(name, _, _)| *name == consumer.producer)
                .map(|(_, context, _)| context.db.clone())
                .with_context(|| format!("{} reads {}, which does not run here", consumer.name, consumer.producer))?;
            in_process::register(&producer, consumer.name, consumer.facts, sources.now()).await?;
            if !held.iter().any(|name| name == consumer.name) {
                start_reader(producer, consumer, &bus, sources, lifecycle);
            }
        }
        for (_, context, _) in &self.services {
            start_relay(context, &bus, lifecycle, self.settings.chassis.bus.retention_days);
        }
        for worker in self.workers {
            worker.start(lifecycle, sources);
        }
        let mut registers = Vec::new();
        for ((name, _, register), (_, pipes)) in self.services.into_iter().zip(self.pipes) {
            let routes = server::routes(&register);
            lifecycle.spawn(server::serve_pipes(routes, pipes, lifecycle.stopping()));
            registers.push((name, register));
        }
        let public = server::public_routes(&registers).await?;
        lifecycle.spawn(server::serve_tcp(public, listener, lifecycle.stopping()));
        Ok(())
    }

    /// The databases, to be closed after the stop.
    pub fn databases(&self) -> Vec<Database> {
        self.services.iter().map(|(_, context, _)| context.db.clone()).collect()
    }
}

fn start_relay(context: &Context, bus: &Arc<InProcessBus>, lifecycle: &Lifecycle, retention_days: u32) {
    let (db, sources, bus) = (context.db.clone(), context.sources.clone(), Arc::clone(bus));
    let wake = db.outbox_wake();
    Worker::new("relay", POLL, wake, move || {
        let (db, sources, bus) = (db.clone(), sources.clone(), Arc::clone(&bus));
        async move {
            let seam: Arc<dyn Bus> = bus.clone();
            let relayed = relay::step(&db, &seam, &sources).await?;
            if relayed > 0 {
                bus.wake_all();
            }
            Ok(relayed)
        }
    })
    .start(lifecycle, &context.sources);
    let context_kept = context.clone();
    let retention = Duration::from_secs(u64::from(retention_days) * 24 * 3600);
    Worker::new("clean", HOUR, Arc::new(Notify::new()), move || {
        let context = context_kept.clone();
        async move {
            context.forget_answers().await?;
            relay::clean(&context.db, &context.sources, retention).await
        }
    })
    .start(lifecycle, &context.sources);
}

fn start_reader(
    producer: Database,
    consumer: Consumer,
    bus: &Arc<InProcessBus>,
    sources: &Sources,
    lifecycle: &Lifecycle,
) {
    let wake = bus.wake(consumer.name);
    let kept = sources.clone();
    Worker::new(consumer.name, POLL, wake, move || {
        let (producer, consumer, sources) = (producer.clone(), consumer.clone(), kept.clone());
        async move { in_process::step(&producer, &consumer, &sources).await }
    })
    .start(lifecycle, sources);
}
