//! Calls with a limit on everything: no redirects, so much time, so many bytes.

use std::time::Duration;

use kernel::Secret;
use reqwest::{Client, RequestBuilder, redirect::Policy};

use super::BankError;

/// Bytes of an answer that are read at most.
const BODY_MAX: usize = 64 * 1024;

/// An answer of whatever status.
pub(super) struct Reply {
    pub status: u16,
    pub body: String,
}

#[derive(Clone)]
pub(super) struct Http(Client);

impl Http {
    pub(super) fn new(time: Duration) -> anyhow::Result<Self> {
        chassis::auth::ed25519::install();
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(time)
            .connect_timeout(time.min(Duration::from_secs(5)))
            .pool_idle_timeout(Duration::from_secs(30))
            .build()?;
        Ok(Self(client))
    }

    pub(super) async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<Reply, BankError> {
        read(self.0.post(url).form(fields)).await
    }

    pub(super) async fn post_json(
        &self,
        url: &str,
        token: &Secret,
        body: &impl serde::Serialize,
    ) -> Result<Reply, BankError> {
        read(self.0.post(url).bearer_auth(token.expose()).json(body)).await
    }

    pub(super) async fn get(&self, url: &str, token: &Secret) -> Result<Reply, BankError> {
        read(self.0.get(url).bearer_auth(token.expose())).await
    }
}

async fn read(request: RequestBuilder) -> Result<Reply, BankError> {
    // An address in an error could carry what is nobody's business.
    let mut response = request.send().await.map_err(reqwest::Error::without_url)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        if body.len().saturating_add(chunk.len()) > BODY_MAX {
            return Err(BankError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, body: String::from_utf8_lossy(&body).into_owned() })
}
