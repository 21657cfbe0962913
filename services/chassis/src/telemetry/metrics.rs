//! Numbers: counted where something happens, or read from the database now and then by a worker. Without a collector
//! there is no meter, and all of this does nothing.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use opentelemetry::{
    KeyValue,
    metrics::{self as otel, Meter, MeterProvider as _},
};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use tokio::sync::Notify;

use super::TelemetryConfig;
use crate::{error::Error, worker::Worker};

static INSTALLED: OnceLock<Installed> = OnceLock::new();

/// What every process measures.
struct Installed {
    meter: Meter,
    period: Duration,
    rpc: otel::Histogram<f64>,
    http: otel::Histogram<f64>,
    events: Counter,
    failures: Counter,
}

/// Upper ends of the durations' classes, in seconds.
const SECONDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

pub(super) fn install(provider: &SdkMeterProvider, config: &TelemetryConfig) {
    let meter = provider.meter("portal");
    let duration = |name, description| {
        let histogram = meter.f64_histogram(name).with_unit("s").with_description(description);
        histogram.with_boundaries(SECONDS.to_vec()).build()
    };
    let _ = INSTALLED.set(Installed {
        period: Duration::from_secs(config.metrics_seconds),
        rpc: duration("rpc.server.duration", "How long calls took."),
        http: duration("http.server.request.duration", "How long requests took."),
        events: Counter::of(&meter, "portal.inbox.events", "{fact}", "Facts that arrived, by what became of them."),
        failures: Counter::of(&meter, "portal.worker.failures", "{step}", "Steps of workers that failed."),
        meter,
    });
}

/// Whether there is a collector.
pub(crate) fn is_on() -> bool {
    INSTALLED.get().is_some()
}

pub(super) fn rpc_served(took: Duration, labels: &[KeyValue]) {
    if let Some(installed) = INSTALLED.get() {
        installed.rpc.record(took.as_secs_f64(), labels);
    }
}

pub(super) fn http_served(took: Duration, labels: &[KeyValue]) {
    if let Some(installed) = INSTALLED.get() {
        installed.http.record(took.as_secs_f64(), labels);
    }
}

/// A fact arrived at a reader. Told inside the transaction that decides: where that fails, the fact is counted again.
pub(crate) fn arrived(consumer: &'static str, outcome: &'static str) {
    if let Some(installed) = INSTALLED.get() {
        installed.events.add(1, &[("consumer", consumer), ("outcome", outcome)]);
    }
}

pub(crate) fn step_failed(worker: &'static str) {
    if let Some(installed) = INSTALLED.get() {
        installed.failures.add(1, &[("worker", worker)]);
    }
}

/// What a number is about; never a person.
pub type Label<'a> = (&'static str, &'a str);

fn attributes(labels: &[Label<'_>]) -> Vec<KeyValue> {
    labels.iter().map(|(key, value)| KeyValue::new(*key, (*value).to_owned())).collect()
}

/// Counts what happens. Made when a service starts.
#[derive(Clone)]
pub struct Counter(Option<otel::Counter<u64>>);

impl Counter {
    pub fn new(name: &'static str, unit: &'static str, description: &'static str) -> Self {
        INSTALLED.get().map_or(Self(None), |installed| Self::of(&installed.meter, name, unit, description))
    }

    fn of(meter: &Meter, name: &'static str, unit: &'static str, description: &'static str) -> Self {
        Self(Some(meter.u64_counter(name).with_unit(unit).with_description(description).build()))
    }

    pub fn add(&self, count: u64, labels: &[Label<'_>]) {
        if let Some(counter) = &self.0 {
            counter.add(count, &attributes(labels));
        }
    }
}

/// Tells what was last found. Made when a service starts, set by a [`worker`].
#[derive(Clone)]
pub struct Gauge(Option<otel::Gauge<i64>>);

impl Gauge {
    pub fn new(name: &'static str, unit: &'static str, description: &'static str) -> Self {
        let build = |installed: &Installed| {
            installed.meter.i64_gauge(name).with_unit(unit).with_description(description).build()
        };
        Self(INSTALLED.get().map(build))
    }

    pub fn set(&self, value: i64, labels: &[Label<'_>]) {
        if let Some(gauge) = &self.0 {
            gauge.record(value, &attributes(labels));
        }
    }
}

/// A worker that looks and sets gauges, once for each export: the exporter itself can't wait for a database. None
/// without a collector.
pub fn worker<F, Fut>(name: &'static str, look: F) -> Option<Worker>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Error>> + Send + 'static,
{
    let installed = INSTALLED.get()?;
    Some(Worker::new(name, installed.period, Arc::new(Notify::new()), move || {
        let looked = look();
        async move { looked.await.map(|()| 0) }
    }))
}
