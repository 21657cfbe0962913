//! gRPC servers with every limit said: time, streams, load, age of a connection; health and reflection.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::net::TcpListener;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_util::sync::CancellationToken;
use tonic::{
    service::{Routes, RoutesBuilder},
    transport::Server,
};

use crate::{dial::Pipes, telemetry};

/// A handler that is still at work after this long is given up; callers' own deadlines are shorter.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONCURRENCY_MAX: usize = 512;
const STREAMS_MAX: u32 = 256;

/// Adds a service's gRPC server to a listener; called once for each listener it stands on.
pub type Register = Box<dyn Fn(&mut RoutesBuilder) + Send + Sync>;

/// The routes of one service, for its in-process pipe.
pub fn routes(register: &Register) -> Routes {
    let mut builder = Routes::builder();
    register(&mut builder);
    builder.routes()
}

/// All services behind one address, with health and reflection.
pub async fn public_routes(services: &[(&'static str, Register)]) -> anyhow::Result<Routes> {
    let mut builder = Routes::builder();
    let (health, health_server) = tonic_health::server::health_reporter();
    builder.add_service(health_server);
    builder.add_service(
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()?,
    );
    health.set_service_status("", tonic_health::ServingStatus::Serving).await;
    for (name, register) in services {
        register(&mut builder);
        health.set_service_status(format!("portal.{name}"), tonic_health::ServingStatus::Serving).await;
    }
    Ok(builder.routes())
}

fn limits() -> Server {
    Server::builder()
        .timeout(TIMEOUT)
        .concurrency_limit_per_connection(CONCURRENCY_MAX)
        .max_concurrent_streams(STREAMS_MAX)
        .http2_max_header_list_size(16 * 1024)
}

/// Serves one service over its in-process pipes until stopped.
pub async fn serve_pipes(routes: Routes, pipes: Pipes, stop: CancellationToken) {
    let incoming = ReceiverStream::new(pipes).map(Ok::<_, std::io::Error>);
    let served = limits()
        .trace_fn(telemetry::server_span)
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, stop.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "an in-process server ended");
    }
}

/// Serves an address until stopped; connections age, so that callers spread anew.
pub async fn serve_tcp(routes: Routes, listener: TcpListener, stop: CancellationToken) {
    let served = limits()
        .trace_fn(telemetry::server_span)
        .load_shed(true)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .max_connection_age(Duration::from_secs(900))
        .max_connection_age_grace(Duration::from_secs(30))
        .add_routes(routes)
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the gRPC server ended");
    }
}
