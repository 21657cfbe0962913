//! Several services side by side with nothing running by itself: each has its own database, gRPC server and stand-ins
//! for the others, and can be stopped and started again while its callers keep their channels. Relays, readers and
//! workers move only when a test takes their steps.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{Router, body::Body, extract::Request, response::Response};
use kernel::{Actor, Zone};
use tonic::Status;
use tower::ServiceExt as _;

use super::{Caller, Coverage, Fakes, TestKeys, alone};
use crate::{
    auth::Auth,
    bus::Consumer,
    clock::Sources,
    config::{self, ChassisConfig, Settings},
    context::Context,
    dial::{Dialer, DialerBuilder},
    files::FileStore,
    lifecycle::Lifecycle,
    operations,
    seal::KeyRing,
    server,
    service::{Service, Wired},
    worker::Worker,
};

/// The place of services that come and go.
pub struct Together {
    /// The services that are not here.
    pub fakes: Fakes,
    pub sources: Sources,
    folder: PathBuf,
    keys: TestKeys,
    coverage: Coverage,
    dialer: Dialer,
    doors: BTreeMap<&'static str, Door>,
    lifecycle: Lifecycle,
}

/// One service that is up.
pub struct Running {
    pub context: Context,
    pub consumers: Vec<Consumer>,
    pub workers: Vec<Worker>,
}

/// Where a service is called; behind it stands its server, or nobody.
#[derive(Clone, Default)]
struct Door {
    behind: Arc<Mutex<Option<Router>>>,
    loses: Arc<AtomicBool>,
}

impl Door {
    async fn pass(self, request: Request) -> Response {
        let behind = self.behind.lock().unwrap().clone();
        let Some(behind) = behind else { return away() };
        let answer = behind.oneshot(request).await.unwrap_or_else(|never| match never {});
        if self.loses.swap(false, Ordering::SeqCst) { away() } else { answer.map(Body::new) }
    }
}

fn away() -> Response {
    Status::unavailable("the connection was lost").into_http()
}

impl Together {
    /// A place in `folder` for these services; all others are stood in for.
    pub fn new(folder: &Path, sources: &Sources, here: &[&'static str]) -> Self {
        let keys = TestKeys::new(sources);
        let (fakes, mut dialer, mut doors) = (Fakes::default(), DialerBuilder::default(), BTreeMap::new());
        let lifecycle = Lifecycle::default();
        for name in alone::SERVICES {
            if !here.contains(&name) {
                fakes.stand_in(name, &mut dialer);
                continue;
            }
            let (pipes, door) = (dialer.in_process(name), Door::default());
            let passing = door.clone();
            let router = Router::new().fallback(move |request: Request| passing.clone().pass(request));
            let routes = tonic::service::Routes::from(router);
            lifecycle.spawn(server::serve_pipes(routes, pipes, lifecycle.closing()));
            doors.insert(name, door);
        }
        alone::stand_in_for_identity(&fakes, &keys);
        Self {
            fakes,
            sources: sources.clone(),
            folder: folder.to_owned(),
            keys,
            coverage: Coverage::default(),
            dialer: dialer.build(),
            doors,
            lifecycle,
        }
    }

    /// Opens a service's database and wires it, at first or again.
    pub async fn start<S, Fut>(
        &self,
        changes: &[(&str, serde_json::Value)],
        wire: impl FnOnce(Context, S::Config) -> Fut,
    ) -> Running
    where
        S: Service,
        Fut: Future<Output = anyhow::Result<Wired>>,
    {
        let mut settings = Settings::load(&[("chassis", config::DEFAULTS), (S::NAME, S::DEFAULTS)], None, false);
        for (key, value) in changes {
            settings.set(key, value.clone());
        }
        let chassis: Option<ChassisConfig> = settings.section("chassis");
        let config = settings.section::<S::Config>(S::NAME);
        let (Some(chassis), Some(config)) = (chassis, config) else { panic!("{:#?}", settings.faults()) };
        let ring = KeyRing::open(&self.folder.join("keys"), false, &self.sources).unwrap();
        let context = Context {
            service: S::NAME,
            db: super::sqlite(&self.folder, S::NAME, S::migrations).await,
            auth: Auth::new(Arc::new(self.keys.clone()), self.sources.clone()),
            dialer: self.dialer.clone(),
            sealer: ring.sealer(S::NAME, &self.sources).unwrap(),
            keys: ring,
            files: FileStore::open(&chassis.files, &self.folder, S::NAME, &self.sources).unwrap(),
            zone: Zone::parse(&chassis.zone).unwrap(),
            sources: self.sources.clone(),
            system: Arc::default(),
        };
        let wired = wire(context.clone(), config).await.unwrap();
        let consumers: Vec<Consumer> =
            wired.readers.into_iter().map(|reader| alone::consumer(reader, &context.db)).collect();
        let operated = operations::Grpc::new(vec![(context.clone(), consumers.clone())]);
        let router = server::routes(&wired.register, operated).into_axum_router();
        *self.doors[S::NAME].behind.lock().unwrap() = Some(router);
        Running { context, consumers, workers: wired.workers }
    }

    /// Stops a service between two units of work; its callers find nobody.
    pub async fn stop(&self, running: Running) {
        *self.doors[running.context.service].behind.lock().unwrap() = None;
        running.context.db.close().await;
    }

    /// The next answer of a service is lost on its way, after the service has done what was asked.
    pub fn lose_answer(&self, service: &str, lose: bool) {
        self.doors[service].loses.store(lose, Ordering::SeqCst);
    }

    /// A way to call a service as somebody.
    pub fn by(&self, service: &str, actor: Actor) -> Caller {
        Caller {
            channel: self.dialer.channel(service).unwrap(),
            keys: self.keys.clone(),
            coverage: self.coverage.clone(),
            actor,
            idempotency_key: None,
        }
    }

    /// Stops the servers, when all services are stopped.
    pub async fn end(self) {
        self.lifecycle.stop(std::time::Duration::ZERO).await;
    }
}
