//! Calls over HTTP with a limit on everything: no redirects, so much time, so many bytes.

use std::time::Duration;

use reqwest::{Client, Response, redirect::Policy};

use super::way::{BankBody, BankCall, BankReply, BankWay, Unreached};

/// Bytes of an answer that are read at most.
const BODY_MAX: usize = 64 * 1024;

pub(crate) struct Http(Client);

impl Http {
    pub(crate) fn new(time: Duration) -> anyhow::Result<Self> {
        chassis::auth::ed25519::install();
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(time)
            .connect_timeout(time.min(Duration::from_secs(5)))
            .pool_idle_timeout(Duration::from_secs(30))
            .build()?;
        Ok(Self(client))
    }
}

#[async_trait::async_trait]
impl BankWay for Http {
    async fn send(&self, call: BankCall) -> Result<BankReply, Unreached> {
        let request = match call.body {
            BankBody::None => self.0.get(&call.url),
            BankBody::Command => self.0.post(&call.url).header("content-length", 0),
            BankBody::Form(fields) => self.0.post(&call.url).form(&fields),
            BankBody::Json(json) => self.0.post(&call.url).header("content-type", "application/json").body(json),
        };
        let request = match &call.token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        };
        read(request.send().await.map_err(unreached)?).await
    }
}

async fn read(mut response: Response) -> Result<BankReply, Unreached> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreached)? {
        if body.len().saturating_add(chunk.len()) > BODY_MAX {
            return Err(Unreached("the answer is larger than is read".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(BankReply { status, body: String::from_utf8_lossy(&body).into_owned() })
}

/// An address in an error could carry what is nobody's business.
fn unreached(error: reqwest::Error) -> Unreached {
    Unreached(error.without_url().to_string())
}
