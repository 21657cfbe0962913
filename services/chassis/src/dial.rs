//! Calls to other services: one channel a service, each call with deadline, trace, token and key.

mod balanced;
pub mod channel;
pub mod tls;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::{io::DuplexStream, sync::mpsc};
use tonic::{Request, transport::Endpoint};

pub use channel::{Channel, Repeatable};

use crate::{error::Error, telemetry};

/// What an edge grants a call when nobody else said.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// Kept back at each hop for the answer's way home.
const MARGIN: Duration = Duration::from_millis(50);
const PIPE_BYTES: usize = 64 * 1024;

/// Where the other services are, when they are not in this process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallsConfig {
    /// `http://{service}:50051` or `https://…`; the name may stand for several addresses, and several may be said with
    /// commas (`http://a:1,b:1`). Empty: all in this process.
    pub address: String,
    /// Services that are elsewhere than `address` says, by name.
    pub addresses: HashMap<String, String>,
    pub tls: tls::TlsConfig,
}

impl CallsConfig {
    /// Where one service is.
    pub fn address_of(&self, service: &str) -> String {
        self.addresses.get(service).cloned().unwrap_or_else(|| self.address.replace("{service}", service))
    }
}

/// Knows how to reach each service. Cheap to clone.
#[derive(Clone, Default)]
pub struct Dialer {
    channels: Arc<RwLock<HashMap<String, Channel>>>,
    /// Where services are that are not in this process.
    calls: Option<Arc<CallsConfig>>,
}

/// The server's end of an in-process connection.
pub type Pipes = mpsc::Receiver<DuplexStream>;

/// Collects the ways to services before anything runs.
#[derive(Default)]
pub struct DialerBuilder {
    channels: HashMap<String, Channel>,
    calls: Option<Arc<CallsConfig>>,
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
        let pipe = Endpoint::from_static("http://in-process").connect_with_connector_lazy(connector);
        self.channels.insert(service.to_owned(), Channel::pipe(pipe));
        pipes
    }

    /// All other services are where `calls` says; `caller` is who calls them.
    #[must_use]
    pub fn remote(mut self, calls: &CallsConfig, caller: &str) -> Self {
        self.calls = Some(Arc::new(CallsConfig { tls: calls.tls.of(caller), ..calls.clone() }));
        self
    }

    pub fn build(self) -> Dialer {
        Dialer { channels: Arc::new(RwLock::new(self.channels)), calls: self.calls }
    }
}

impl Dialer {
    /// The channel to a service; connects when it is first used.
    pub fn channel(&self, service: &str) -> Result<Channel, Error> {
        let known = self.channels.read().unwrap_or_else(PoisonError::into_inner).get(service).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let calls = self.calls.as_ref().ok_or_else(|| anyhow::anyhow!("no address is configured for {service}"))?;
        let address = calls.address_of(service);
        let tls = if address.starts_with("https://") { Some(calls.tls.client(service)?) } else { None };
        let channel = Channel::remote(service, &address, tls)
            .with_context(|| format!("chassis.calls: the address of {service} is '{address}'"))?;
        let mut channels = self.channels.write().unwrap_or_else(PoisonError::into_inner);
        Ok(channels.entry(service.to_owned()).or_insert(channel).clone())
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

/// A request that carries what is left of the time, the trace, the token and the key. One with a key may be sent again
/// when its server goes away; so none is given to a stream of messages.
pub fn request<T>(message: T, context: &CallContext) -> Request<T> {
    let mut request = Request::new(message);
    if context.idempotency_key.is_some() {
        request.extensions_mut().insert(Repeatable);
    }
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
