//! The client of S3-compatible storage: TLS by the process' own provider, no redirects, bounded time, few repetitions.
//! Nothing is asked of the storage before the first file, so it may be away at the start.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, RetryConfig,
    aws::AmazonS3Builder,
    client::{HttpClient, HttpConnector},
    path::Path as Key,
    prefix::PrefixStore,
};
use reqwest::redirect;

use super::S3Config;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How often a request is repeated that came to nothing (connection lost, 5xx, no answer in time). All requests that are
/// made here have the same effect twice as once.
const RETRIES_MAX: usize = 2;
const BACKOFF: BackoffConfig =
    BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(1), base: 2.0 };

/// The objects of one service.
pub(super) fn open(config: &S3Config, service: &str) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let named = |text: &str| text.replace("{service}", service);
    let secret = if config.secret_file.is_empty() {
        config.secret.expose().to_owned()
    } else {
        let file = named(&config.secret_file);
        let read = std::fs::read_to_string(&file);
        read.with_context(|| format!("chassis.files.s3.secret_file: reading '{file}'"))?.trim().to_owned()
    };
    let bucket = named(&config.bucket);
    let timeout = Duration::from_secs(config.timeout_seconds);
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket)
        .with_region(&config.region)
        .with_access_key_id(named(&config.access_key))
        .with_secret_access_key(secret)
        .with_virtual_hosted_style_request(config.virtual_host)
        .with_allow_http(config.allow_http)
        // Not all that call themselves compatible know the deletion of many at once.
        .with_disable_bulk_delete(true)
        .with_retry(RetryConfig { backoff: BACKOFF, max_retries: RETRIES_MAX, retry_timeout: timeout })
        .with_http_connector(Connector { client: client(config, timeout)? });
    if let Some(address) = config.address(&bucket) {
        builder = builder.with_endpoint(address);
    }
    let store = builder.build().context("chassis.files.s3")?;
    let prefix = Key::parse(&config.prefix).context("chassis.files.s3.prefix")?.join(service);
    tracing::info!(service, bucket, endpoint = config.endpoint, %prefix, "files are kept in S3-compatible storage");
    Ok(Arc::new(PrefixStore::new(store, prefix)))
}

fn client(config: &S3Config, timeout: Duration) -> anyhow::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .https_only(!config.allow_http)
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout);
    if !config.ca_file.is_empty() {
        let pem = std::fs::read(&config.ca_file)
            .with_context(|| format!("chassis.files.s3.ca_file: reading '{}'", config.ca_file))?;
        let authorities = reqwest::Certificate::from_pem_bundle(&pem).context("chassis.files.s3.ca_file")?;
        builder = builder.tls_certs_only(authorities);
    }
    builder.build().context("the client of the file storage")
}

/// Hands over a client that is made already.
#[derive(Debug)]
struct Connector {
    client: reqwest::Client,
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.client.clone()))
    }
}
