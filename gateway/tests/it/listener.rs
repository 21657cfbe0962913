//! The listener itself, over real sockets: slow heads, silent sockets and too many of them are cut off.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::browser::parts;

/// Far beyond what the gateway grants here.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(20);
const REQUEST: &[u8] = b"GET /static/none HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";

/// A listener that grants a second for a head and two connections an address.
#[expect(clippy::disallowed_methods, reason = "the gateway ends with the test's runtime")]
async fn start() -> (SocketAddr, CancellationToken) {
    let (_, mut parts) = parts();
    parts.config.limits.header_read_seconds = 1;
    parts.config.limits.connections_per_address_max = 2;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let (address, stop) = (listener.local_addr().expect("address"), CancellationToken::new());
    tokio::spawn(gateway::serve(parts, listener, stop.clone()));
    (address, stop)
}

/// What the gateway says until it closes the connection.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A connection that is reset is closed as well.
    let closed = tokio::time::timeout(LIMIT, stream.read_to_end(&mut said)).await;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(closed.is_ok(), "the connection is still open after {LIMIT:?}; it said: {said:?}");
    said
}

#[tokio::test]
async fn a_head_that_does_not_come_in_time_is_waited_for_no_longer() {
    // The last of them could be the beginning of HTTP/2's preface, and of no request.
    for begun in [&b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: "[..], b"GET", b"", b"PRI * HT"] {
        let (address, stop) = start().await;
        let mut stream = TcpStream::connect(address).await.expect("connection");
        stream.write_all(begun).await.expect("written");
        let said = until_closed(&mut stream).await;
        assert!(!said.contains("200 OK"), "{said}");
        stop.cancel();
    }
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_gets_them_back() {
    let (address, stop) = start().await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.expect("connection");
        stream.write_all(REQUEST).await.expect("written");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("answer");
        assert_eq!(&answer, b"HTTP/1.1 404");
        held.push(stream);
    }
    let mut third = TcpStream::connect(address).await.expect("connection");
    assert_eq!(until_closed(&mut third).await, "", "the third is closed without a word");
    drop(held);
    // The places are free once the gateway has seen the others go.
    chassis::testing::until::until(
        "a free place",
        || async {
            let mut stream = TcpStream::connect(address).await.expect("connection");
            let mut answer = [0; 12];
            let _ = stream.write_all(REQUEST).await;
            stream.read_exact(&mut answer).await.map(|_| answer).unwrap_or_default()
        },
        |answer| answer == b"HTTP/1.1 404",
    )
    .await;
    stop.cancel();
}
