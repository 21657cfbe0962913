//! gRPC servers with every limit said: time, streams, load, age of a connection; health and reflection.

mod callers;

use std::time::Duration;

pub use callers::{Callers, GATEWAY, MethodCallers};

use futures::StreamExt as _;
use proto::operations::v1::operations_server::OperationsServer;
use tokio::net::TcpListener;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{
    service::{Routes, RoutesBuilder},
    transport::{Server, ServerTlsConfig, server::TcpIncoming},
};
use tonic_health::server::HealthReporter;
use tower::layer::util::{Identity, Stack};

use crate::{
    dial::Pipes,
    operations,
    telemetry::{self, rpc::Measured},
};

/// A handler that is still at work after this long is given up; callers' own deadlines are shorter.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONCURRENCY_MAX: usize = 512;
const STREAMS_MAX: u32 = 256;

/// Adds a service's gRPC server to a listener; called once for each listener it stands on.
pub type Register = Box<dyn Fn(&mut RoutesBuilder) + Send + Sync>;

/// The routes of one service, for its in-process pipe.
pub fn routes(register: &Register, operations: operations::Grpc) -> Routes {
    let mut builder = Routes::builder();
    register(&mut builder);
    builder.add_service(OperationsServer::new(operations));
    builder.routes()
}

/// All services of the process behind one address, with health, and reflection of what is there.
pub fn public_routes(
    services: &[(&'static str, Register)],
    operations: operations::Grpc,
) -> anyhow::Result<(Routes, HealthReporter)> {
    let mut builder = Routes::builder();
    let (health, health_server) = tonic_health::server::health_reporter();
    builder.add_service(health_server);
    let mut reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name("grpc.health.v1.Health");
    for context in services.iter().map(|(name, _)| *name).chain(["operations"]) {
        for name in rpc_services(context)? {
            reflection = reflection.with_service_name(name);
        }
    }
    builder.add_service(reflection.build_v1()?);
    for (_, register) in services {
        register(&mut builder);
    }
    builder.add_service(OperationsServer::new(operations));
    Ok((builder.routes(), health))
}

/// Full names of a context's gRPC services.
fn rpc_services(context: &str) -> anyhow::Result<Vec<String>> {
    let set = <prost_types::FileDescriptorSet as prost::Message>::decode(proto::DESCRIPTORS)?;
    let package = format!("portal.{context}.v1");
    let names = set
        .file
        .iter()
        .filter(|file| file.package() == package)
        .flat_map(|file| file.service.iter().map(|service| format!("{package}.{}", service.name())))
        .collect();
    Ok(names)
}

fn limits() -> Server<Stack<Measured, Identity>> {
    Server::builder()
        .timeout(TIMEOUT)
        .concurrency_limit_per_connection(CONCURRENCY_MAX)
        .max_concurrent_streams(STREAMS_MAX)
        .http2_max_header_list_size(16 * 1024)
        .layer(Measured)
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

/// Serves an address until stopped; connections age, so that callers spread anew. With `callers`, each call is let in by
/// the name in its certificate.
pub async fn serve_tcp(
    routes: Routes,
    listener: TcpListener,
    tls: Option<ServerTlsConfig>,
    callers: Option<Callers>,
    stop: CancellationToken,
) {
    let server = match tls {
        None => Ok(limits()),
        Some(tls) => limits().tls_config(tls),
    };
    let server = match server {
        Ok(server) => server,
        Err(error) => return tracing::error!(%error, "the gRPC server's TLS"),
    };
    // An answer is several small writes: without this each would wait for the caller's delayed acknowledgement, 40 ms.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let served = server
        .layer(callers::Guard(callers))
        .load_shed(true)
        .trace_fn(telemetry::server_span)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(10)))
        .max_connection_age(Duration::from_secs(900))
        .max_connection_age_grace(Duration::from_secs(30))
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, stop.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the gRPC server ended");
    }
}
