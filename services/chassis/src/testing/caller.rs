//! The way a test calls the service: as somebody, with or without a key, and every answer is noted.

use std::task::{Context as Poller, Poll};

use futures::future::BoxFuture;
use http::{HeaderValue, Request, Response};
use kernel::Actor;
use tonic::{Status, body::Body};
use tower::Service;

use super::{Coverage, TestKeys};
use crate::{dial::Channel, status};

/// A channel that carries an actor's token; what tonic's clients are made over.
#[derive(Clone)]
pub struct Caller {
    pub(super) channel: Channel,
    pub(super) keys: TestKeys,
    pub(super) coverage: Coverage,
    pub(super) actor: Actor,
    pub(super) idempotency_key: Option<String>,
}

impl Caller {
    /// The same caller, each call under this idempotency key.
    #[must_use]
    pub fn with_key(mut self, key: &str) -> Self {
        self.idempotency_key = Some(key.to_owned());
        self
    }
}

impl Service<Request<Body>> for Caller {
    type Response = Response<Body>;
    type Error = tower::BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, poller: &mut Poller<'_>) -> Poll<Result<(), Self::Error>> {
        self.channel.poll_ready(poller)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let headers = request.headers_mut();
        if let Some(token) = self.keys.token(&self.actor) {
            headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
        }
        if let Some(key) = &self.idempotency_key {
            headers.insert("idempotency-key", HeaderValue::from_str(key).unwrap());
        }
        let (path, coverage) = (request.uri().path().to_owned(), self.coverage.clone());
        let answer = self.channel.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            // A call that failed before it streamed has its status in the head; any other has answered.
            match Status::from_header_map(answer.headers()).filter(|status| status.code() != tonic::Code::Ok) {
                None => coverage.called(&path),
                Some(status) => {
                    let told = status::parse(&status);
                    coverage.refused(&told.reason);
                    told.violations.iter().for_each(|violation| coverage.refused(&violation.code));
                }
            }
            Ok(answer)
        })
    }
}

/// What a call was refused with: the codes at their fields (`SLOT_FULL at appointments[0].start`), or the one code.
#[track_caller]
pub fn refusal<T>(answer: Result<tonic::Response<T>, Status>) -> Vec<String> {
    let Err(status) = answer else { panic!("the call was not refused") };
    let told = status::parse(&status);
    if told.violations.is_empty() {
        return vec![told.reason];
    }
    told.violations.iter().map(|violation| format!("{} at {}", violation.code, violation.field)).collect()
}
