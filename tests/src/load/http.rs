//! A client of one kept connection that costs as little as possible: with two cores it eats from the same plate.

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// One HTTP/1.1 connection, opened again when the server has closed it.
pub(super) struct Connection {
    address: String,
    host: HeaderValue,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// By what somebody is known.
enum Credential<'a> {
    Bearer(&'a HeaderValue),
    Cookie(&'a HeaderValue),
}

impl Connection {
    /// To `http://host:port`; opened by the first request.
    pub(super) fn new(base: &str) -> anyhow::Result<Self> {
        let address = base.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Ok(Self { host: HeaderValue::from_str(&address)?, address, sender: None })
    }

    /// Sends one request as somebody and reads the whole answer.
    pub(super) async fn send(
        &mut self,
        method: Method,
        path: &str,
        bearer: &HeaderValue,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        self.exchange(method, path, Credential::Bearer(bearer), headers, body).await
    }

    /// Gets a page as somebody's browser and reads it whole.
    pub(super) async fn page(&mut self, path: &str, cookie: &HeaderValue) -> anyhow::Result<(StatusCode, Bytes)> {
        self.exchange(Method::GET, path, Credential::Cookie(cookie), &[], Bytes::new()).await
    }

    async fn exchange(
        &mut self,
        method: Method,
        path: &str,
        credential: Credential<'_>,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, self.host.clone());
        let (name, credential) = match credential {
            Credential::Bearer(token) => (header::AUTHORIZATION, token),
            Credential::Cookie(cookie) => (header::COOKIE, cookie),
        };
        request = request.header(name, credential.clone());
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in headers {
            request = request.header(*name, value.as_str());
        }
        let answer = self.ready().await?.send_request(request.body(Full::new(body))?).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }

    async fn ready(&mut self) -> anyhow::Result<&mut SendRequest<Full<Bytes>>> {
        let open = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !open {
            let stream = TcpStream::connect(&self.address).await.with_context(|| format!("to {}", self.address))?;
            stream.set_nodelay(true)?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        self.sender.as_mut().context("no connection")
    }
}
