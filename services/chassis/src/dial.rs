//! Calls to other services: one channel a service, each call with deadline, trace, token and key.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper_util::rt::TokioIo;
use tokio::{io::DuplexStream, sync::mpsc};
use tonic::{
    Request,
    transport::{Channel, Endpoint},
};

use crate::{error::Error, telemetry};

/// What an edge grants a call when nobody else said.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// Kept back at each hop for the answer's way home.
const MARGIN: Duration = Duration::from_millis(50);
const PIPE_BYTES: usize = 64 * 1024;

/// Knows how to reach each service. Cheap to clone.
#[derive(Clone, Default)]
pub struct Dialer {
    channels: Arc<HashMap<&'static str, Channel>>,
}

/// The server's end of an in-process connection.
pub type Pipes = mpsc::Receiver<DuplexStream>;

/// Collects the ways to services before anything runs.
#[derive(Default)]
pub struct DialerBuilder {
    channels: HashMap<&'static str, Channel>,
}

impl DialerBuilder {
    /// A service in this process: the same tonic client and server as on the wire, over a pipe.
    pub fn in_process(&mut self, service: &'static str) -> Pipes {
        let (connect, pipes) = mpsc::channel(16);
        let connector = tower::service_fn(move |_| {
            let connect = connect.clone();
            async move {
                let (client, server) = tokio::io::duplex(PIPE_BYTES);
                connect.send(server).await.map_err(|_| std::io::Error::other("the service has stopped"))?;
                Ok::<_, std::io::Error>(TokioIo::new(client))
            }
        });
        self.channels
            .insert(service, Endpoint::from_static("http://in-process").connect_with_connector_lazy(connector));
        pipes
    }

    /// A service at an address.
    pub fn remote(&mut self, service: &'static str, address: &str) -> anyhow::Result<()> {
        let endpoint = Endpoint::from_shared(address.to_owned())?
            .connect_timeout(Duration::from_secs(2))
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(5))
            .keep_alive_while_idle(true);
        self.channels.insert(service, endpoint.connect_lazy());
        Ok(())
    }

    pub fn build(self) -> Dialer {
        Dialer { channels: Arc::new(self.channels) }
    }
}

impl Dialer {
    /// The channel to a service.
    pub fn channel(&self, service: &str) -> Result<Channel, Error> {
        self.channels
            .get(service)
            .cloned()
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("no address is configured for {service}")))
    }
}

/// What goes with a call.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// Access token of whoever is served; none for public calls.
    pub token: Option<String>,
    pub idempotency_key: Option<String>,
    pub deadline: Instant,
}

impl CallContext {
    /// A fresh call with the usual time.
    #[expect(clippy::disallowed_methods, reason = "deadlines are measured by the monotonic clock")]
    pub fn new(token: Option<String>) -> Self {
        Self { token, idempotency_key: None, deadline: Instant::now() + DEADLINE }
    }

    #[must_use]
    pub fn with_key(mut self, key: Option<String>) -> Self {
        self.idempotency_key = key;
        self
    }
}

/// A request that carries what is left of the time, the trace, the token and the key.
pub fn request<T>(message: T, context: &CallContext) -> Request<T> {
    let mut request = Request::new(message);
    #[expect(clippy::disallowed_methods, reason = "deadlines are measured by the monotonic clock")]
    let left = context.deadline.saturating_duration_since(Instant::now()).saturating_sub(MARGIN);
    request.set_timeout(left.max(Duration::from_millis(1)));
    let metadata = request.metadata_mut();
    if let Some(Ok(value)) = context.token.as_ref().map(|token| format!("Bearer {token}").parse()) {
        metadata.insert("authorization", value);
    }
    if let Some(Ok(value)) = context.idempotency_key.as_ref().map(|key| key.parse()) {
        metadata.insert("idempotency-key", value);
    }
    telemetry::inject(metadata);
    request
}
