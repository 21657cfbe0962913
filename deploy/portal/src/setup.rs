//! What is done once to the databases of separate services: the demo's rows, the first admin's invitation. The services
//! are wired as in one process, and none is started.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, bail, ensure};
use chassis::{
    auth::ed25519,
    clock::Sources,
    config::{ChassisConfig, Settings},
    context::Context,
    error::Error,
    seal::KeyRing,
    service::{Host, HostSettings},
};
use kernel::Refusal;
use tokio_util::sync::CancellationToken;

use crate::{demo, options::Options, portal, services, settings};

/// The services on their databases: PostgreSQL's, or those of a folder that no portal runs on meanwhile.
struct Wired {
    contexts: Vec<Context>,
    settings: Settings,
    sources: Sources,
    /// Held until the end.
    _lock: Option<fs::File>,
}

async fn wire(options: &Options) -> anyhow::Result<Wired> {
    ed25519::install();
    let mut settings = settings::load(options.config.as_deref());
    let chassis = settings.section::<ChassisConfig>("chassis").with_context(|| settings.faults().join("\n"))?;
    let lock = if chassis.database.url.is_empty() { Some(portal::lock(&options.data)?) } else { None };
    let sources = Sources::system();
    let folder = if chassis.process.keys.is_empty() {
        options.data.join("keys")
    } else {
        chassis.process.keys.replace("{service}", "identity").into()
    };
    let keys = KeyRing::open(&folder, true, &sources)?;
    let host_settings = HostSettings { data: options.data.clone(), sources: sources.clone(), keys, chassis };
    let mut host = Host::for_all(host_settings, &services::NAMES, CancellationToken::new())?;
    let contexts = services::add(&mut host, &mut settings).await?;
    Ok(Wired { contexts, settings, sources, _lock: lock })
}

fn needs_postgres(options: &Options) -> anyhow::Result<()> {
    let mut settings = settings::load(options.config.as_deref());
    let chassis = settings.section::<ChassisConfig>("chassis").with_context(|| settings.faults().join("\n"))?;
    ensure!(!chassis.database.url.is_empty(), "chassis.database.url: this speaks to PostgreSQL databases");
    Ok(())
}

async fn close(contexts: Vec<Context>) {
    for context in contexts {
        context.db.close().await;
    }
}

/// Writes the demo's rows, once.
pub async fn load_demo(options: &Options) -> anyhow::Result<()> {
    needs_postgres(options)?;
    let Wired { contexts, mut settings, sources, .. } = wire(options).await?;
    let password = demo::password(&options.data, options.demo_password.as_deref(), &sources)?;
    services::load_demo(&contexts, &mut settings, &password).await?;
    close(contexts).await;
    Ok(())
}

/// The link of the first admin's invitation, where one is due.
pub async fn invite_admin(options: &Options) -> anyhow::Result<Option<String>> {
    needs_postgres(options)?;
    let Wired { contexts, mut settings, .. } = wire(options).await?;
    let gateway =
        settings.section::<gateway::process::Section>("gateway").with_context(|| settings.faults().join("\n"))?.0;
    let url = portal::first_admin(&contexts, gateway.public_url.as_str()).await?;
    close(contexts).await;
    Ok(url)
}

/// Imports a file of the register of participants, or only tells what it would change.
pub async fn import_participants(
    options: &Options,
    file: &Path,
    apply: bool,
) -> anyhow::Result<participants::Imported> {
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let source = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut wired = wire(options).await?;
    let config = wired
        .settings
        .section::<participants::Config>("participants")
        .with_context(|| wired.settings.faults().join("\n"))?;
    let context = wired.contexts.iter().find(|context| context.service == "participants").context("participants")?;
    let done = participants::import_file(context, config, &source, bytes, apply).await;
    close(wired.contexts).await;
    match done {
        Ok(imported) => Ok(imported),
        Err(Error::Refusal(refusal)) => bail!("nothing was imported:\n{}", faults(&refusal).join("\n")),
        Err(error) => Err(error.into()),
    }
}

/// Each fault with its place, rows counted from 1: `row 1, bin: BIN_CHECK_DIGIT`.
fn faults(refusal: &Refusal) -> Vec<String> {
    let params = |params: &BTreeMap<&'static str, String>| {
        params.iter().fold(String::new(), |told, (name, value)| format!("{told} {name}={value}"))
    };
    let place = |field: &str| {
        let row = field.strip_prefix("rows[").and_then(|rest| rest.split_once("]."));
        let number = row.and_then(|(index, name)| Some((index.parse::<usize>().ok()? + 1, name)));
        number.map_or_else(|| field.to_owned(), |(number, name)| format!("row {number}, {name}"))
    };
    refusal
        .violations
        .iter()
        .map(|fault| format!("  {}: {}{}", place(&fault.field), fault.code.as_str(), params(&fault.params)))
        .collect()
}
