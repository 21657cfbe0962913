//! A private nats-server with JetStream, TLS, and one NKey a service that may publish its own facts only and read as
//! itself only.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use chassis::bus::nats::stream_name;
use tokio::process::Command;

use crate::services;

/// Makes each service's key where it is missing, and writes the server's configuration.
pub(crate) fn prepare(folder: &Path, keys: &Path, tls: &Path, port: u16) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    fs::create_dir_all(keys)?;
    let mut users = String::new();
    for (name, reads) in services::reads() {
        let file = keys.join(format!("{name}.seed"));
        let key = if file.exists() {
            nkeys::KeyPair::from_seed(fs::read_to_string(&file)?.trim()).context("an NKey's seed")?
        } else {
            let key = nkeys::KeyPair::new_user();
            super::postgres::write_secret(&file, &key.seed().context("an NKey's seed")?)?;
            key
        };
        let (publish, subscribe) = permissions(name, reads);
        writeln!(
            users,
            "    {{ nkey: {}, permissions: {{ publish: {{ allow: {publish:?} }}, subscribe: {{ allow: {subscribe:?} }} }} }}",
            key.public_key()
        )?;
    }
    let text = format!(
        "listen: \"127.0.0.1:{port}\"\n\
         jetstream {{ store_dir: {store:?}, max_memory_store: 64MB, max_file_store: 4GB }}\n\
         tls {{ cert_file: {cert:?}, key_file: {key:?} }}\n\
         authorization {{\n  users = [\n{users}  ]\n}}\n",
        store = folder.join("store").display().to_string(),
        cert = tls.join("nats.pem").display().to_string(),
        key = tls.join("nats.key").display().to_string(),
    );
    Ok(fs::write(folder.join("nats.conf"), text)?)
}

/// What a service may publish to and subscribe to: its own facts and stream; as a reader of others its own consumers;
/// its own inbox.
fn permissions(name: &str, reads: &[&str]) -> (Vec<String>, Vec<String>) {
    let own = stream_name(name);
    let mut publish = vec![format!("portal.{name}.v1.>")];
    for call in ["INFO", "CREATE", "MSG.GET"] {
        publish.push(format!("$JS.API.STREAM.{call}.{own}"));
    }
    for producer in reads {
        let (stream, consumer) = (stream_name(producer), format!("{name}-from-{producer}"));
        publish.extend([
            format!("$JS.API.CONSUMER.INFO.{stream}.{consumer}"),
            format!("$JS.API.CONSUMER.CREATE.{stream}.{consumer}.>"),
            format!("$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{consumer}"),
            format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"),
            format!("$JS.API.CONSUMER.DELETE.{stream}.{consumer}"),
            format!("$JS.ACK.{stream}.{consumer}.>"),
        ]);
    }
    (publish, vec![format!("_INBOX.{name}.>")])
}

/// The server's command line.
pub(crate) fn command(folder: &Path, log: &Path) -> anyhow::Result<Command> {
    let mut server = Command::new("nats-server");
    let log = super::child::log_file(log)?;
    server.arg("--config").arg(folder.join("nats.conf")).stdout(log.try_clone()?).stderr(log);
    Ok(server)
}
