//! A service elsewhere: its name is resolved again and again, each request goes to the next of its addresses, those
//! that fail are left out for a while, and a request that may be repeated is, within a budget.

use std::{
    net::SocketAddr,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use tokio::sync::Mutex;
use tonic::{
    body::Body,
    transport::{Channel, ClientTlsConfig, Endpoint},
};
use tower::{BoxError, Service as _, ServiceExt as _};

use super::channel::Repeatable;
use crate::clock::Sources;

/// An address is looked up again after this long.
const RESOLVED_FOR: Duration = Duration::from_secs(5);
/// An address that failed is left out for this long, unless all have failed.
const LEFT_OUT: Duration = Duration::from_secs(3);
/// A request that may be repeated is sent this often at most.
const TRIES: usize = 3;
/// Before a request is sent again; half of it at least.
const PAUSE: Duration = Duration::from_millis(60);
/// A body that is kept for a repetition is not larger.
const KEPT_BYTES_MAX: usize = 1024 * 1024;
/// Repetitions in reserve, in tenths: each request earns one tenth, a repetition costs ten.
const BUDGET_MAX: u64 = 300;
const BUDGET_COST: u64 = 10;

#[derive(Clone)]
pub(super) struct Balanced(Arc<Shared>);

struct Shared {
    service: String,
    scheme: &'static str,
    /// Names or addresses, each with its port.
    places: Vec<String>,
    tls: Option<ClientTlsConfig>,
    peers: RwLock<Vec<Arc<Peer>>>,
    resolved: Mutex<Option<Instant>>,
    next: AtomicUsize,
    budget: AtomicU64,
    started: Instant,
    sources: Sources,
}

struct Peer {
    address: SocketAddr,
    channel: Channel,
    /// Milliseconds since the start until which it is left out.
    out_until: AtomicI64,
}

impl Balanced {
    #[expect(clippy::disallowed_methods, reason = "ages and pauses are measured by the monotonic clock")]
    pub(super) fn new(service: &str, address: &str, tls: Option<ClientTlsConfig>) -> anyhow::Result<Self> {
        let (scheme, rest) = match address.split_once("://") {
            Some(("http", rest)) => ("http", rest),
            Some(("https", rest)) => ("https", rest),
            _ => bail!("it must begin with http:// or https://"),
        };
        let places: Vec<String> = rest.trim_end_matches('/').split(',').map(|place| place.trim().to_owned()).collect();
        for place in &places {
            let port = place.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
            ensure!(port.is_some(), "'{place}' says no port");
        }
        Ok(Self(Arc::new(Shared {
            service: service.to_owned(),
            scheme,
            places,
            tls,
            peers: RwLock::default(),
            resolved: Mutex::new(None),
            next: AtomicUsize::new(0),
            budget: AtomicU64::new(BUDGET_MAX),
            started: Instant::now(),
            sources: Sources::system(),
        })))
    }

    pub(super) async fn call(&self, request: http::Request<Body>) -> Result<http::Response<Body>, BoxError> {
        self.0.earn();
        let repeatable = request.extensions().get::<Repeatable>().is_some() || is_read(request.uri().path());
        if !repeatable {
            let peer = self.0.peer(&[]).await?;
            return self.0.send(&peer, request).await;
        }
        let (parts, body) = request.into_parts();
        let body: Bytes = Limited::new(body, KEPT_BYTES_MAX).collect().await?.to_bytes();
        let mut tried = Vec::new();
        loop {
            let peer = self.0.peer(&tried).await?;
            tried.push(peer.address);
            let again = http::Request::from_parts(parts.clone(), Body::new(Full::new(body.clone())));
            let answer = self.0.send(&peer, again).await;
            if tried.len() >= TRIES || !is_away(answer.as_ref()) || !self.0.spend() {
                return answer;
            }
            tokio::time::sleep(self.0.sources.jittered(PAUSE)).await;
        }
    }
}

impl Shared {
    fn earn(&self) {
        let _ = self
            .budget
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |kept| (kept < BUDGET_MAX).then_some(kept + 1));
    }

    fn spend(&self) -> bool {
        self.budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |kept| kept.checked_sub(BUDGET_COST)).is_ok()
    }

    #[expect(clippy::disallowed_methods, reason = "ages and pauses are measured by the monotonic clock")]
    fn now_ms(&self) -> i64 {
        i64::try_from(Instant::now().duration_since(self.started).as_millis()).unwrap_or(i64::MAX)
    }

    async fn send(&self, peer: &Peer, request: http::Request<Body>) -> Result<http::Response<Body>, BoxError> {
        let mut channel = peer.channel.clone();
        let answer = match channel.ready().await {
            Ok(ready) => ready.call(request).await,
            Err(error) => Err(error),
        };
        // Whatever breaks below gRPC, before the answer or in the middle of it, says nothing about what was done.
        let answer = answer
            .map(|response| {
                let service = self.service.clone();
                response.map(|body| Body::new(body.map_err(move |error| away(&service, error))))
            })
            .map_err(|error| BoxError::from(away(&self.service, error)));
        if is_away(answer.as_ref()) {
            let until = self.now_ms() + i64::try_from(LEFT_OUT.as_millis()).unwrap_or(0);
            peer.out_until.store(until, Ordering::Relaxed);
            // Whoever went away may have a new address already.
            if let Ok(mut resolved) = self.resolved.try_lock() {
                *resolved = None;
            }
        }
        answer
    }

    /// The next address that is not left out and was not tried yet; where there is none such, the one that failed
    /// longest ago.
    async fn peer(&self, tried: &[SocketAddr]) -> Result<Arc<Peer>, BoxError> {
        self.resolve().await?;
        let peers = self.peers.read().unwrap_or_else(PoisonError::into_inner);
        let (start, now) = (self.next.fetch_add(1, Ordering::Relaxed), self.now_ms());
        (0..peers.len())
            .filter_map(|offset| peers.get((start + offset).checked_rem(peers.len())?))
            .min_by_key(|peer| {
                let out_until = peer.out_until.load(Ordering::Relaxed);
                (tried.contains(&peer.address), if out_until <= now { 0 } else { out_until })
            })
            .cloned()
            .ok_or_else(|| tonic::Status::unavailable(format!("{} has no address", self.service)).into())
    }

    /// Looks the name up where that was long ago. What is known stays in use when the look-up fails.
    #[expect(clippy::disallowed_methods, reason = "ages and pauses are measured by the monotonic clock")]
    async fn resolve(&self) -> Result<(), BoxError> {
        let known = !self.peers.read().unwrap_or_else(PoisonError::into_inner).is_empty();
        let mut resolved = match self.resolved.try_lock() {
            Ok(resolved) => resolved,
            // Somebody is at it; what is known serves meanwhile.
            Err(_) if known => return Ok(()),
            Err(_) => self.resolved.lock().await,
        };
        if resolved.is_some_and(|at| at.elapsed() < RESOLVED_FOR) {
            return Ok(());
        }
        let mut found: Vec<SocketAddr> = Vec::new();
        let mut failed = None;
        for place in &self.places {
            match tokio::net::lookup_host(place).await {
                Ok(addresses) => found.extend(addresses),
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            Some(_) if known => return Ok(()),
            Some(error) if found.is_empty() => {
                return Err(tonic::Status::unavailable(format!("{}: {error}", self.service)).into());
            }
            Some(_) | None => {}
        }
        let mut peers = self.peers.write().unwrap_or_else(PoisonError::into_inner);
        let mut fresh = Vec::with_capacity(found.len());
        for address in found {
            match peers.iter().find(|peer| peer.address == address) {
                Some(kept) => fresh.push(Arc::clone(kept)),
                None => fresh.push(Arc::new(self.connect(address)?)),
            }
        }
        *peers = fresh;
        *resolved = Some(Instant::now());
        Ok(())
    }

    fn connect(&self, address: SocketAddr) -> Result<Peer, BoxError> {
        let mut endpoint = Endpoint::from_shared(format!("{}://{address}", self.scheme))?
            .connect_timeout(Duration::from_secs(2))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(5))
            .keep_alive_while_idle(true);
        if let Some(tls) = &self.tls {
            endpoint = endpoint.tls_config(tls.clone())?;
        }
        Ok(Peer { address, channel: endpoint.connect_lazy(), out_until: AtomicI64::new(0) })
    }
}

/// A connection that broke, or was never there.
fn away(service: &str, error: impl std::fmt::Display) -> tonic::Status {
    tonic::Status::unavailable(format!("{service}: {error}"))
}

/// Reads bear the names that the published language gives them.
fn is_read(path: &str) -> bool {
    let method = path.rsplit('/').next().unwrap_or_default();
    ["Get", "List", "LookUp"].iter().any(|verb| method.starts_with(verb))
}

/// Whether the server was not there, or said that it goes.
fn is_away(answer: Result<&http::Response<Body>, &BoxError>) -> bool {
    match answer {
        Ok(response) => response
            .headers()
            .get("grpc-status")
            .is_some_and(|status| status.as_bytes() == (tonic::Code::Unavailable as i32).to_string().as_bytes()),
        Err(_) => true,
    }
}
