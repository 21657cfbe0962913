//! Spans, and trace context on its way: through calls, into facts, out of facts and tasks. What happens within a call
//! is its child; what a fact or a task sets off links to it, since hours may lie between.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::{
    Context, global,
    propagation::{Extractor, Injector},
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceId},
};
use proto::common::v1::Envelope;
use sea_orm::DbBackend;
use tonic::metadata::MetadataMap;
use tower::BoxError;
use tracing::{Instrument as _, Span, field::Empty, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{metrics, rpc};
use crate::{bus::Standing, outbox};

/// Spans that are made for traces say so by their target.
pub(super) const FILTER: &str = "off,portal_span=info";

struct HeaderInjector<'a>(&'a mut HeaderMap);

impl Injector for HeaderInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(key), Ok(value)) = (HeaderName::from_bytes(key.as_bytes()), HeaderValue::try_from(value)) {
            self.0.insert(key, value);
        }
    }
}

struct HeaderExtractor<'a>(&'a HeaderMap);

impl Extractor for HeaderExtractor<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

fn inject_into(headers: &mut HeaderMap, context: &Context) {
    if context.span().span_context().is_valid() {
        global::get_text_map_propagator(|propagator| propagator.inject_context(context, &mut HeaderInjector(headers)));
    }
}

/// Puts the current trace into a call's metadata.
pub fn inject(metadata: &mut MetadataMap) {
    inject_into(metadata.as_mut(), &Span::current().context());
}

/// `traceparent` and `tracestate` of the current span, empty outside of any.
pub fn current_trace() -> (String, String) {
    let mut headers = HeaderMap::new();
    inject_into(&mut headers, &Span::current().context());
    let text = |key: &str| headers.get(key).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    (text("traceparent"), text("tracestate"))
}

/// The current trace's id, empty outside of any.
pub fn trace_id() -> String {
    let context = Span::current().context();
    let span = context.span();
    if span.span_context().is_valid() { span.span_context().trace_id().to_string() } else { String::new() }
}

/// The ids of the trace and the span that are entered now.
pub(super) fn current_ids() -> Option<(TraceId, SpanId)> {
    Context::map_current(|context| {
        let span = context.span();
        let ids = span.span_context();
        ids.is_valid().then(|| (ids.trace_id(), ids.span_id()))
    })
}

/// The span that a stored `traceparent` names.
fn linked(traceparent: &str) -> Option<SpanContext> {
    let mut headers = HeaderMap::new();
    headers.insert("traceparent", HeaderValue::from_str(traceparent).ok()?);
    let cause = global::get_text_map_propagator(|propagator| propagator.extract(&HeaderExtractor(&headers)));
    let linked = cause.span().span_context().clone();
    linked.is_valid().then_some(linked)
}

/// The span of one gRPC call on the server, a child of the caller's.
pub(crate) fn server_span(request: &http::Request<()>) -> Span {
    let name = request.uri().path().trim_start_matches('/');
    let span =
        info_span!(target: "portal_span", "rpc", otel.name = name, otel.kind = "server", otel.status_code = Empty);
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&HeaderExtractor(request.headers())));
    let _ = span.set_parent(parent);
    rpc::describe(&span, name);
    span
}

/// The span of one gRPC call at the caller, put into the request; none where traces go nowhere.
pub(crate) fn client_span<B>(request: &mut http::Request<B>) -> Span {
    if !metrics::is_on() || Span::current().is_none() {
        return Span::none();
    }
    let name = request.uri().path().trim_start_matches('/').to_owned();
    let span =
        info_span!(target: "portal_span", "call", otel.name = name, otel.kind = "client", otel.status_code = Empty);
    rpc::describe(&span, &name);
    inject_into(request.headers_mut(), &span.context());
    span
}

/// A call within its span, and what it answered.
pub(crate) async fn called<B>(
    span: Span,
    call: impl Future<Output = Result<http::Response<B>, BoxError>>,
) -> Result<http::Response<B>, BoxError> {
    let answer = call.instrument(span.clone()).await;
    match &answer {
        Ok(response) => rpc::answered(&span, rpc::code(response), rpc::is_bad_for_caller),
        Err(_) => failed(&span),
    }
    answer
}

/// A part of what is done now: a unit of work, its commit. Where traces go nowhere, and outside of any, what is
/// entered already.
pub(crate) fn step_span(name: &'static str) -> Span {
    let current = Span::current();
    if !metrics::is_on() || current.is_none() {
        return current;
    }
    info_span!(target: "portal_span", "step", otel.name = name)
}

/// Marks a span's work as failed. Why stands in the log, under the same trace.
pub(crate) fn failed(span: &Span) {
    span.record("otel.status_code", "ERROR");
}

fn messaging_system(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres { "nats" } else { "in_process" }
}

/// The spans of handing facts to the bus; each links to the call that the fact came from. None where traces go nowhere.
pub(crate) fn publish_spans(rows: &[outbox::Model], backend: DbBackend) -> Vec<Span> {
    if !metrics::is_on() {
        return Vec::new();
    }
    let system = messaging_system(backend);
    let span = |row: &outbox::Model| {
        let span = info_span!(
            target: "portal_span",
            parent: None,
            "publish",
            otel.name = format!("publish {}", row.subject),
            otel.kind = "producer",
            otel.status_code = Empty,
            messaging.system = system,
            messaging.operation.name = "publish",
            messaging.operation.r#type = "send",
            messaging.destination.name = row.subject,
            messaging.message.id = row.event_id,
        );
        let envelope = <Envelope as prost::Message>::decode(row.envelope.as_slice()).unwrap_or_default();
        if let Some(cause) = linked(&envelope.traceparent) {
            span.add_link(cause);
        }
        span
    };
    rows.iter().map(span).collect()
}

/// Ends them; a fact that the bus refused was not published.
pub(crate) fn published(spans: &[Span], standings: &[Standing]) {
    for (span, standing) in spans.iter().zip(standings) {
        if matches!(standing, Standing::Refused(_)) {
            failed(span);
        }
    }
}

/// The span of applying one event; it links to the command that caused it.
pub(crate) fn consumer_span(consumer: &'static str, envelope: &Envelope, backend: DbBackend) -> Span {
    let subject = proto::FACTS.iter().find(|(name, _)| *name == envelope.r#type).map_or("", |(_, subject)| *subject);
    let span = info_span!(
        target: "portal_span",
        "event",
        otel.name = format!("process {subject}"),
        otel.kind = "consumer",
        otel.status_code = Empty,
        messaging.system = messaging_system(backend),
        messaging.operation.name = "process",
        messaging.operation.r#type = "process",
        messaging.destination.name = subject,
        messaging.consumer.group.name = consumer,
        messaging.message.id = envelope.event_id,
    );
    if let Some(cause) = linked(&envelope.traceparent) {
        span.add_link(cause);
    }
    span
}

/// The span of a task that was left in a table together with the `traceparent` of what asked for it, and links to that.
pub fn task_span(name: &'static str, traceparent: &str) -> Span {
    let span = info_span!(
        target: "portal_span", parent: None, "task", otel.name = name, otel.kind = "client", otel.status_code = Empty
    );
    if let Some(cause) = linked(traceparent) {
        span.add_link(cause);
    }
    span
}
