//! Structured logs and trace context: who called whom, across gRPC and events. Spans are exported when a collector
//! is configured; trace ids travel and stand in the logs either way.

use std::io::IsTerminal as _;

use opentelemetry::{
    global,
    propagation::{Extractor, Injector},
    trace::{TraceContextExt as _, TracerProvider as _},
};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use proto::common::v1::Envelope;
use serde::Deserialize;
use tonic::metadata::{MetadataKey, MetadataMap, MetadataValue};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// What is logged and where spans go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Filter of the log, for example `info` or `info,billing=debug`.
    pub log: String,
    /// `json` (one object a line) or `text`.
    pub format: String,
    /// OTLP/gRPC address of a collector; empty: spans are not exported.
    pub otlp_endpoint: String,
}

/// Ends export when dropped.
pub struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Sends what is still held.
    pub fn flush(&self) {
        let _ = self.0.force_flush();
    }
}

/// Starts logging and tracing for the process; a second start in one process (tests) keeps the first.
pub fn start(config: &TelemetryConfig, process: &'static str) -> anyhow::Result<Telemetry> {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let mut provider =
        SdkTracerProvider::builder().with_resource(Resource::builder().with_service_name(process).build());
    if !config.otlp_endpoint.is_empty() {
        let exporter =
            opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(&config.otlp_endpoint).build()?;
        provider = provider.with_batch_exporter(exporter);
    }
    let provider = provider.build();
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("portal"))
        .with_location(false)
        .with_threads(false)
        .with_filter(EnvFilter::try_new("off,portal_span=info")?);
    let filter = EnvFilter::try_new(&config.log)?;
    let registry = tracing_subscriber::registry().with(spans);
    let started = if config.format == "json" {
        registry
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_writer(std::io::stderr)
                    .with_filter(filter),
            )
            .try_init()
    } else {
        registry
            .with(
                tracing_subscriber::fmt::layer()
                    .compact()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr)
                    .with_filter(filter),
            )
            .try_init()
    };
    if started.is_err() {
        tracing::debug!("logging runs already");
    }
    Ok(Telemetry(provider))
}

struct MetadataInjector<'a>(&'a mut MetadataMap);

impl Injector for MetadataInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(key), Ok(value)) = (MetadataKey::from_bytes(key.as_bytes()), MetadataValue::try_from(&value)) {
            self.0.insert(key, value);
        }
    }
}

struct HeaderExtractor<'a>(&'a http::HeaderMap);

impl Extractor for HeaderExtractor<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// Puts the current trace into a call's metadata.
pub fn inject(metadata: &mut MetadataMap) {
    let context = Span::current().context();
    if context.span().span_context().is_valid() {
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut MetadataInjector(metadata))
        });
    }
}

/// The span of one gRPC call on the server, a child of the caller's.
pub fn server_span(request: &http::Request<()>) -> Span {
    let span = tracing::info_span!(target: "portal_span", "rpc", rpc = request.uri().path());
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&HeaderExtractor(request.headers())));
    let _ = span.set_parent(parent);
    span
}

/// The span of applying one event; it links to the command that caused it, since hours may lie between.
pub fn consumer_span(consumer: &'static str, envelope: &Envelope) -> Span {
    let span = tracing::info_span!(target: "portal_span", "event", consumer, fact = envelope.r#type);
    let mut headers = http::HeaderMap::new();
    if let Ok(value) = http::HeaderValue::from_str(&envelope.traceparent) {
        headers.insert("traceparent", value);
    }
    let cause = global::get_text_map_propagator(|propagator| propagator.extract(&HeaderExtractor(&headers)));
    let linked = cause.span().span_context().clone();
    if linked.is_valid() {
        span.add_link(linked);
    }
    span
}

/// `traceparent` and `tracestate` of the current span, empty outside of any.
pub fn current_trace() -> (String, String) {
    let mut metadata = MetadataMap::new();
    inject(&mut metadata);
    let text = |key: &str| metadata.get(key).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    (text("traceparent"), text("tracestate"))
}

/// The current trace's id, empty outside of any.
pub fn trace_id() -> String {
    let context = Span::current().context();
    let span = context.span();
    if span.span_context().is_valid() { span.span_context().trace_id().to_string() } else { String::new() }
}
