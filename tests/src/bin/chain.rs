//! The least that a gateway before a service can be: axum calls tonic on loopback, and neither does anything. What the
//! load program takes for the floor of the portal's times.

use std::{io::Write as _, net::Ipv4Addr};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use tokio::net::TcpListener;
use tonic::transport::{Channel, Endpoint, Server, server::TcpIncoming};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let channel = Endpoint::from_shared(format!("http://{}", service.local_addr()?))?.tcp_nodelay(true).connect_lazy();
    let (_, health) = tonic_health::server::health_reporter();
    let incoming = TcpIncoming::from(service).with_nodelay(Some(true));
    let served = Server::builder().add_service(health).serve_with_incoming(incoming);
    let edge = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{}", edge.local_addr()?)?;
    out.flush()?;
    let pages = Router::new().fallback(get(ask)).with_state(channel);
    tokio::select! {
        ended = served => ended?,
        ended = axum::serve(edge, pages) => ended?,
        // Whoever started this has gone.
        ended = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())) => { ended??; }
    }
    Ok(())
}

async fn ask(State(channel): State<Channel>) -> Result<&'static str, StatusCode> {
    let request = HealthCheckRequest { service: String::new() };
    match HealthClient::new(channel).check(request).await {
        Ok(_) => Ok("{}"),
        Err(_) => Err(StatusCode::BAD_GATEWAY),
    }
}
