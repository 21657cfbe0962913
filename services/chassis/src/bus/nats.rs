//! The distributed bus: NATS JetStream, one stream a context. It is transport, never the record: what a stream loses,
//! the outbox publishes anew.

pub mod compare;
pub mod consume;
mod loss;
mod publish;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use async_nats::{ConnectOptions, Event, connection::State, jetstream};
use serde::Deserialize;

pub use publish::NatsBus;

use crate::error::Error;

/// How the services reach NATS and what they ask of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsConfig {
    /// `nats://host:4222` or `tls://…`, several with commas. Empty: facts stay in the process.
    pub url: String,
    /// File with the seed of the service's NKey; `{service}` in it stands for the service's name. Empty: none.
    pub nkey_file: String,
    /// File with the certificate authority of the server. Empty: the address decides about TLS.
    pub ca_file: String,
    /// Copies of each stream: 3 in production.
    pub replicas: usize,
    /// Days a stream keeps facts; shorter than the outbox keeps them.
    pub max_age_days: u64,
    /// Hours in which the server itself recognises a fact that is published again.
    pub duplicate_window_hours: u64,
}

/// Nobody may wait longer for the server's word.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to NATS that mends itself. Cheap to clone.
#[derive(Clone)]
pub struct Nats {
    pub(crate) client: async_nats::Client,
    pub(crate) jetstream: jetstream::Context,
    pub(crate) config: NatsConfig,
    /// Raised at each connect: what was known of the streams may be out of date.
    connects: Arc<AtomicU64>,
}

impl Nats {
    /// Starts connecting; a server that is away is waited for in the background.
    pub async fn connect(config: &NatsConfig, service: &'static str) -> anyhow::Result<Self> {
        let connects = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&connects);
        let mut options = ConnectOptions::new()
            .name(service)
            .custom_inbox_prefix(format!("_INBOX.{service}"))
            .retry_on_initial_connect()
            .max_reconnects(None)
            .connection_timeout(PATIENCE)
            .request_timeout(Some(PATIENCE))
            .reconnect_delay_callback(|attempts| Duration::from_millis((attempts.min(20) as u64 * 100).max(50)))
            .event_callback(move |event| {
                let counted = Arc::clone(&counted);
                async move {
                    match event {
                        Event::Connected => {
                            counted.fetch_add(1, Ordering::SeqCst);
                            tracing::info!("NATS is connected");
                        }
                        Event::Disconnected => tracing::warn!("NATS is away"),
                        Event::ServerError(error) => tracing::warn!(%error, "NATS tells an error"),
                        Event::ClientError(error) => tracing::debug!(%error, "NATS connection"),
                        Event::LameDuckMode | Event::Draining | Event::Closed | Event::SlowConsumer(_) => {
                            tracing::info!(%event, "NATS connection");
                        }
                    }
                }
            });
        if !config.nkey_file.is_empty() {
            options = options.nkey(read(&config.nkey_file.replace("{service}", service))?);
        }
        if !config.ca_file.is_empty() {
            options = options.add_root_certificates(config.ca_file.clone().into()).require_tls(true);
        }
        let addresses: Vec<&str> = config.url.split(',').map(str::trim).collect();
        let client = options.connect(addresses).await.context("nats.url")?;
        let mut jetstream = jetstream::new(client.clone());
        jetstream.set_timeout(PATIENCE);
        Ok(Self { client, jetstream, config: config.clone(), connects })
    }

    /// An error where there is no connection now: what is sent then would wait in memory.
    pub(crate) fn connected(&self) -> Result<(), Error> {
        match self.client.connection_state() {
            State::Connected => Ok(()),
            State::Pending | State::Disconnected => Err(Error::Unavailable("NATS is away".to_owned())),
        }
    }

    pub(crate) fn connects(&self) -> u64 {
        self.connects.load(Ordering::SeqCst)
    }

    /// Sends what still waits in the connection.
    pub async fn flush(&self) {
        let _ = tokio::time::timeout(PATIENCE, self.client.flush()).await;
    }
}

fn read(file: &str) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(Path::new(file)).with_context(|| format!("nats.nkey_file: {file}"))?;
    Ok(text.trim().to_owned())
}

/// The stream of a context's facts.
pub fn stream_name(context: &str) -> String {
    format!("PORTAL_{}", context.to_uppercase())
}

/// What the stream of a context is asked to be.
pub fn stream_config(context: &str, config: &NatsConfig) -> jetstream::stream::Config {
    jetstream::stream::Config {
        name: stream_name(context),
        subjects: vec![format!("portal.{context}.v1.>")],
        retention: jetstream::stream::RetentionPolicy::Limits,
        // A full stream is a loud error and a waiting outbox, not a silent loss of what is old.
        discard: jetstream::stream::DiscardPolicy::New,
        storage: jetstream::stream::StorageType::File,
        num_replicas: config.replicas,
        max_age: Duration::from_secs(config.max_age_days * 24 * 3600),
        duplicate_window: Duration::from_secs(config.duplicate_window_hours * 3600),
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        max_consumers: -1,
        max_message_size: -1,
        ..Default::default()
    }
}

/// A fault of NATS; trying again is safe.
pub(crate) fn away(what: &str, error: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("NATS, {what}: {error}"))
}
