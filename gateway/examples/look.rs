//! temporary
#[path = "../tests/it/browser.rs"]
mod browser;
#[path = "../tests/it/fakes.rs"]
mod fakes;
#[path = "../tests/it/samples.rs"]
mod samples;
#[tokio::main]
async fn main() {
    tracing_subscriber::fmt::init();
    let (_fakes, parts) = browser::parts();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080")
        .await
        .unwrap();
    gateway::serve(parts, listener, tokio_util::sync::CancellationToken::new())
        .await
        .unwrap();
}
