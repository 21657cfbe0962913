//! The listener: accepts connections within the caps, gives slow heads and idle sockets no rope, and drains at shutdown. What axum's
//! own `serve` leaves out (it installs no timer, so a head may take for ever) stands here.

mod address;
mod body;
mod conceal;
mod connections;
mod headers;
mod origin;
mod panics;
mod prompt;
mod requests;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

pub use address::ClientAddress;
pub use headers::{Policy, secure};
pub use origin::same_origin;
pub use panics::catch;
pub use requests::trace;

pub(crate) use body::{pace, read};
pub(crate) use conceal::strip_internal;

use crate::config::Limits;
use connections::Connections;
use prompt::Prompt;

/// Seconds a download may take.
pub(crate) const DOWNLOAD_SECONDS: u64 = 300;

/// Serves until `shutdown`, then lets requests in flight end within `drain_seconds`.
pub async fn serve(
    router: Router,
    limits: &Limits,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let connections = Connections::new(limits.connections_max, limits.connections_per_address_max);
    let head = Duration::from_secs(limits.header_read_seconds);
    let builder = builder(head);
    let graceful = GracefulShutdown::new();
    let tracker = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, or the peer is gone already: neither may stop the listener.
                    tracing::warn!(%error, "connection not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let Some(place) = connections.enter(peer.ip()) else {
            tracing::info!("connection refused: too many are open");
            continue;
        };
        let connection = graceful.watch(connection(&builder, head, stream, peer, router.clone()));
        tracker.spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended with a fault");
            }
        });
    }
    drop(listener);
    tracker.close();
    let drain = Duration::from_secs(limits.drain_seconds);
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still running at the end of the drain");
    }
    Ok(())
}

fn builder(head: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(head)
        .max_concurrent_streams(100)
        .max_header_list_size(64 * 1024);
    builder
}

/// One connection; its requests know the address they came from.
fn connection(
    builder: &Builder<TokioExecutor>,
    head: Duration,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = Box<dyn std::error::Error + Send + Sync>> + Send + 'static
{
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no-delay not set");
    }
    let service = hyper::service::service_fn(move |mut request: http::Request<Incoming>| {
        let router = router.clone();
        request.extensions_mut().insert(ClientAddress(peer.ip()));
        async move {
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    builder.serve_connection(TokioIo::new(Prompt::new(stream, head)), service).into_owned()
}
