//! gRPC calls by the words of OpenTelemetry, and how long the server took for each.

use std::{
    task::{Context, Poll},
    time::Instant,
};

use futures::future::{BoxFuture, Either};
use opentelemetry::KeyValue;
use tonic::{Code, Status};
use tower::{Layer, Service};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{metrics, spans};

/// `package.Service/Method` in its two parts.
fn parts(name: &str) -> (&str, &str) {
    name.split_once('/').unwrap_or((name, ""))
}

pub(super) fn describe(span: &Span, name: &str) {
    if metrics::is_on() {
        let (service, method) = parts(name);
        span.set_attribute("rpc.system", "grpc");
        span.set_attribute("rpc.service", service.to_owned());
        span.set_attribute("rpc.method", method.to_owned());
    }
}

/// What an answer's head says; an answer that goes on is well so far.
pub(super) fn code<B>(response: &http::Response<B>) -> Code {
    Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code())
}

/// For the server only what is its own fault is an error: a refusal is an answer.
fn is_bad_for_server(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::DeadlineExceeded
            | Code::Unimplemented
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
    )
}

pub(super) fn is_bad_for_caller(code: Code) -> bool {
    code != Code::Ok
}

pub(super) fn answered(span: &Span, code: Code, is_bad: fn(Code) -> bool) {
    span.set_attribute("rpc.grpc.status_code", i64::from(i32::from(code)));
    if is_bad(code) {
        spans::failed(span);
    }
}

/// Measures each call of a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured;

impl<S> Layer<S> for Measured {
    type Service = MeasuredService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        MeasuredService(inner)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct MeasuredService<S>(S);

impl<S, Q, R> Service<http::Request<Q>> for MeasuredService<S>
where
    S: Service<http::Request<Q>, Response = http::Response<R>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<S::Future, BoxFuture<'static, Result<S::Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Q>) -> Self::Future {
        if !metrics::is_on() {
            return Either::Left(self.0.call(request));
        }
        let mut served = Served::begin(request.uri().path());
        let answer = self.0.call(request);
        Either::Right(Box::pin(async move {
            // The server enters the span only when it asks for the answer.
            served.enters(Span::current());
            let answer = answer.await;
            served.answered(answer.as_ref().map_or(Code::Unknown, code));
            answer
        }))
    }
}

/// One call while it is served; told when it ends, also when nobody waits for its answer any more.
struct Served {
    name: String,
    began: Instant,
    span: Span,
    code: Code,
}

impl Served {
    #[expect(clippy::disallowed_methods, reason = "durations are measured by the monotonic clock")]
    fn begin(path: &str) -> Self {
        let name = path.trim_start_matches('/').to_owned();
        Self { name, began: Instant::now(), span: Span::none(), code: Code::Cancelled }
    }

    fn enters(&mut self, span: Span) {
        self.span = span;
    }

    fn answered(&mut self, code: Code) {
        self.code = code;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        answered(&self.span, self.code, is_bad_for_server);
        // What is not there may be called anything.
        let (service, method) = if self.code == Code::Unimplemented { ("_OTHER", "_OTHER") } else { parts(&self.name) };
        metrics::rpc_served(
            self.began.elapsed(),
            &[
                KeyValue::new("rpc.system", "grpc"),
                KeyValue::new("rpc.service", service.to_owned()),
                KeyValue::new("rpc.method", method.to_owned()),
                KeyValue::new("rpc.grpc.status_code", i64::from(i32::from(self.code))),
            ],
        );
    }
}
