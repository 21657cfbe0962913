//! Each request gets an id and a span, and may not take for ever.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chassis::telemetry::http::Served;
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

use crate::problem::Problem;
use crate::state::App;

/// Runs the request within its span and its time.
pub async fn trace(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = app.random_text();
    // The pattern, not the address: an address may hold what identifies a person.
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let limits = &app.config.limits;
    let seconds = if route.ends_with("/documents") { limits.upload_seconds } else { limits.request_seconds };
    let served = Served::begin(request.method(), route, &id);
    let answer =
        tokio::time::timeout(Duration::from_secs(seconds), next.run(request)).instrument(served.span().clone());
    let mut response = answer.await.unwrap_or_else(|_| Problem::unavailable(5).into_response());
    served.end(response.status());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}
