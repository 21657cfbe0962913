//! The way to the collector: traces, numbers and logs over OTLP/gRPC, each sent from a thread of its own.

use std::{thread, time::Duration};

use opentelemetry::KeyValue;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{
    Resource,
    logs::SdkLoggerProvider,
    metrics::{PeriodicReader, SdkMeterProvider},
    trace::SdkTracerProvider,
};
use tokio::sync::oneshot;

use super::TelemetryConfig;
use crate::clock::Sources;

/// A collector that says nothing for this long is given up, this time.
const PATIENCE: Duration = Duration::from_secs(5);
/// A stop waits no longer for the collector to take the rest.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// What carries the logs must not make new ones of it.
pub(super) const NOT_EXPORTED: &str = "opentelemetry=off,opentelemetry_sdk=off,opentelemetry-otlp=off,h2=off,hyper=off,hyper_util=off,tonic=off,tower=off";

/// The three ways.
pub(super) struct Export {
    pub(super) traces: SdkTracerProvider,
    pub(super) numbers: SdkMeterProvider,
    pub(super) logs: SdkLoggerProvider,
}

impl Export {
    pub(super) fn open(config: &TelemetryConfig, process: &'static str) -> anyhow::Result<Self> {
        let endpoint = &config.otlp_endpoint;
        let resource = Resource::builder()
            .with_service_name(process)
            .with_attributes([
                KeyValue::new("service.namespace", "portal"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
                // Tells the replicas of a service apart.
                KeyValue::new("service.instance.id", Sources::system().uuid().to_string()),
            ])
            .build();
        let spans = opentelemetry_otlp::SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .build()?;
        let numbers = opentelemetry_otlp::MetricExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .build()?;
        let logs = opentelemetry_otlp::LogExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .build()?;
        let reader =
            PeriodicReader::builder(numbers).with_interval(Duration::from_secs(config.metrics_seconds)).build();
        Ok(Self {
            traces: SdkTracerProvider::builder().with_resource(resource.clone()).with_batch_exporter(spans).build(),
            numbers: SdkMeterProvider::builder().with_resource(resource.clone()).with_reader(reader).build(),
            logs: SdkLoggerProvider::builder().with_resource(resource).with_batch_exporter(logs).build(),
        })
    }

    /// Sends what is held. The shutdowns block, so each has a thread, which the end of the process does not wait for.
    pub(super) async fn stop(self) {
        let Self { traces, numbers, logs } = self;
        let ended = [
            apart(move || traces.shutdown_with_timeout(LAST_WORDS).is_ok()),
            apart(move || numbers.shutdown_with_timeout(LAST_WORDS).is_ok()),
            apart(move || logs.shutdown_with_timeout(LAST_WORDS).is_ok()),
        ];
        let all = tokio::time::timeout(LAST_WORDS, futures::future::join_all(ended)).await;
        if !all.is_ok_and(|ended| ended.iter().all(|sent| matches!(sent, Ok(true)))) {
            tracing::warn!("the collector did not take the last of the telemetry");
        }
    }
}

fn apart(work: impl FnOnce() -> bool + Send + 'static) -> oneshot::Receiver<bool> {
    let (done, ended) = oneshot::channel();
    thread::spawn(move || done.send(work()));
    ended
}
