//! The one type of channel that clients are made over: a pipe inside the process, or a service elsewhere.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tonic::{body::Body, transport::ClientTlsConfig};
use tower::{BoxError, Service};

use super::balanced::Balanced;
use crate::telemetry;

/// Marks a request that may be sent again without a second effect.
#[derive(Debug, Clone, Copy)]
pub struct Repeatable;

/// A way to a service. Cheap to clone.
#[derive(Clone)]
pub struct Channel(Way);

#[derive(Clone)]
enum Way {
    Pipe(tonic::transport::Channel),
    Remote(Balanced),
}

impl Channel {
    pub(super) fn pipe(channel: tonic::transport::Channel) -> Self {
        Self(Way::Pipe(channel))
    }

    pub(super) fn remote(service: &str, address: &str, tls: Option<ClientTlsConfig>) -> anyhow::Result<Self> {
        Ok(Self(Way::Remote(Balanced::new(service, address, tls)?)))
    }
}

impl Service<http::Request<Body>> for Channel {
    type Response = http::Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match &mut self.0 {
            Way::Pipe(pipe) => pipe.poll_ready(context).map_err(Into::into),
            Way::Remote(_) => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let span = telemetry::client_span(&mut request);
        let answer: Self::Future = match &mut self.0 {
            Way::Pipe(pipe) => {
                let answer = pipe.call(request);
                Box::pin(async move { answer.await.map_err(Into::into) })
            }
            Way::Remote(remote) => {
                let remote = remote.clone();
                Box::pin(async move { remote.call(request).await })
            }
        };
        if span.is_none() { answer } else { Box::pin(telemetry::called(span, answer)) }
    }
}
