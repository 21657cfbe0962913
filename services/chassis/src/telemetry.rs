//! What a process tells about itself: logs, traces, numbers. Trace ids travel and stand in the logs either way; all
//! three go to a collector over OTLP where one is configured, and cost nothing where none is.

mod console;
mod export;
pub mod http;
mod json;
mod measure;
pub mod metrics;
pub mod rpc;
mod spans;

use std::sync::OnceLock;

use opentelemetry::{global, trace::TracerProvider as _};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::{propagation::TraceContextPropagator, trace::SdkTracerProvider};
use serde::Deserialize;
use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};

pub(crate) use measure::worker as measuring;
pub(crate) use spans::{called, client_span, consumer_span, failed, publish_spans, published, server_span, step_span};
pub use spans::{current_trace, inject, task_span, trace_id};

/// What is logged, and where all of it goes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Filter of the log, for example `info` or `info,billing=debug`.
    pub log: String,
    /// `json` (one object a line) or `text`.
    pub format: String,
    /// OTLP/gRPC address of a collector (`http://…`) for traces, metrics and logs; empty: none is sent.
    pub otlp_endpoint: String,
    /// Seconds between two looks at the numbers, each of which is sent.
    pub metrics_seconds: u64,
}

impl TelemetryConfig {
    /// One sentence per fault.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !["text", "json"].contains(&self.format.as_str()) {
            faults.push("telemetry.format: must be 'text' or 'json'".to_owned());
        }
        if !(self.otlp_endpoint.is_empty() || self.otlp_endpoint.starts_with("http://")) {
            faults.push(
                "telemetry.otlp_endpoint: must begin with http:// (a collector beside the portal passes it on over TLS)"
                    .to_owned(),
            );
        }
        if !(1..=3600).contains(&self.metrics_seconds) {
            faults.push("telemetry.metrics_seconds: must be 1 to 3600".to_owned());
        }
        faults
    }
}

/// The process' telemetry; to be stopped last.
pub struct Telemetry(Option<export::Export>);

impl Telemetry {
    /// Sends what is still held, and gives up soon where nobody takes it.
    pub async fn stop(self) {
        if let Some(export) = self.0 {
            export.stop().await;
        }
    }
}

/// A process has one: what is started first stays (tests start several portals side by side).
static STARTED: OnceLock<()> = OnceLock::new();

/// Starts logs, traces and numbers of the process.
pub fn start(config: &TelemetryConfig, process: &'static str) -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_new(&config.log)?;
    if STARTED.set(()).is_err() {
        return Ok(Telemetry(None));
    }
    global::set_text_map_propagator(TraceContextPropagator::new());
    let export = if config.otlp_endpoint.is_empty() { None } else { Some(export::Export::open(config, process)?) };
    let provider = export.as_ref().map_or_else(|| SdkTracerProvider::builder().build(), |export| export.traces.clone());
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("portal"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(EnvFilter::try_new(spans::FILTER)?);
    let exported = match &export {
        Some(export) => {
            let filter = EnvFilter::try_new(format!("{},{}", config.log, export::NOT_EXPORTED))?;
            Some(OpenTelemetryTracingBridge::new(&export.logs).with_filter(filter))
        }
        None => None,
    };
    let started = tracing_subscriber::registry()
        .with(spans)
        .with(exported)
        .with(console::layer(config.format == "json", filter))
        .try_init();
    match export {
        Some(export) if started.is_ok() => {
            metrics::install(&export.numbers, config);
            Ok(Telemetry(Some(export)))
        }
        _ => Ok(Telemetry(None)),
    }
}
