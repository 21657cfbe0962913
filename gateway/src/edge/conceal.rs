//! What a stranger may not bring in: copies of the headers by which our own processes speak to each other.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Names that only the gateway may set towards services.
const INTERNAL: [&str; 7] =
    ["x-actor", "x-client-address", "x-request-id", "grpc-timeout", "traceparent", "tracestate", "baggage"];

/// Drops internal headers of an incoming request.
pub(crate) async fn strip_internal(mut request: Request, next: Next) -> Response {
    let headers = request.headers_mut();
    for name in INTERNAL {
        headers.remove(name);
    }
    next.run(request).await
}
