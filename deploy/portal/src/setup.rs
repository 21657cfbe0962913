//! What is done once to the databases of separate services: the demo's rows, the first admin's invitation. The services
//! are wired as in one process, and none is started.

use anyhow::{Context as _, ensure};
use chassis::{
    auth::ed25519,
    clock::Sources,
    config::{ChassisConfig, Settings},
    context::Context,
    seal::KeyRing,
    service::{Host, HostSettings},
};
use tokio_util::sync::CancellationToken;

use crate::{demo, options::Options, portal, services, settings};

async fn wire(options: &Options) -> anyhow::Result<(Vec<Context>, Settings, Sources)> {
    ed25519::install();
    let mut settings = settings::load(options.config.as_deref());
    let chassis = settings.section::<ChassisConfig>("chassis").with_context(|| settings.faults().join("\n"))?;
    ensure!(!chassis.database.url.is_empty(), "chassis.database.url: this speaks to PostgreSQL databases");
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
    Ok((contexts, settings, sources))
}

async fn close(contexts: Vec<Context>) {
    for context in contexts {
        context.db.close().await;
    }
}

/// Writes the demo's rows, once.
pub async fn load_demo(options: &Options) -> anyhow::Result<()> {
    let (contexts, mut settings, sources) = wire(options).await?;
    let password = demo::password(&options.data, options.demo_password.as_deref(), &sources)?;
    services::load_demo(&contexts, &mut settings, &password).await?;
    close(contexts).await;
    Ok(())
}

/// The link of the first admin's invitation, where one is due.
pub async fn invite_admin(options: &Options) -> anyhow::Result<Option<String>> {
    let (contexts, mut settings, _) = wire(options).await?;
    let gateway =
        settings.section::<gateway::process::Section>("gateway").with_context(|| settings.faults().join("\n"))?.0;
    let url = portal::first_admin(&contexts, gateway.public_url.as_str()).await?;
    close(contexts).await;
    Ok(url)
}
