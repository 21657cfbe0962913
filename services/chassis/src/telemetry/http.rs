//! HTTP requests by the words of OpenTelemetry, and how long each took.

use std::time::Instant;

use opentelemetry::KeyValue;
use tracing::{Span, field::Empty, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{metrics, spans};

/// One request while it is served.
pub struct Served {
    span: Span,
    method: &'static str,
    route: String,
    began: Instant,
}

impl Served {
    /// `route` is the pattern, not the address: an address may hold what identifies a person. A trace begins here: who
    /// comes from outside does not choose its id.
    #[expect(clippy::disallowed_methods, reason = "durations are measured by the monotonic clock")]
    pub fn begin(method: &http::Method, route: String, request_id: &str) -> Self {
        let method = known(method);
        let span = info_span!(
            target: "portal_span",
            parent: None,
            "http",
            otel.name = format!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
            request_id,
            http.response.status_code = Empty,
        );
        if metrics::is_on() {
            span.set_attribute("http.request.method", method);
            span.set_attribute("http.route", route.clone());
        }
        Self { span, method, route, began: Instant::now() }
    }

    pub fn span(&self) -> &Span {
        &self.span
    }

    pub fn end(self, status: http::StatusCode) {
        let code = i64::from(status.as_u16());
        self.span.record("http.response.status_code", code);
        if status.is_server_error() {
            spans::failed(&self.span);
        }
        if metrics::is_on() {
            metrics::http_served(
                self.began.elapsed(),
                &[
                    KeyValue::new("http.request.method", self.method),
                    KeyValue::new("http.route", self.route),
                    KeyValue::new("http.response.status_code", code),
                ],
            );
        }
    }
}

/// A stranger may call a method anything.
fn known(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "_OTHER",
    }
}
