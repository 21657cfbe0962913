//! The services, each named once: what is done to all of them, and to one by its name.

use anyhow::{Context as _, bail};
use chassis::{
    config::{ChassisConfig, Settings},
    context::Context,
    server::MethodCallers,
    service::{self, Host, ProcessOptions, Service},
};

/// Does something with each service's type, in the order in which they are started.
macro_rules! each {
    ($service:ident => $body:expr) => {{
        each!(@one $service, identity::Identity, $body);
        each!(@one $service, participants::Participants, $body);
        each!(@one $service, applications::Applications, $body);
        each!(@one $service, billing::Billing, $body);
        each!(@one $service, payments::Payments, $body);
        each!(@one $service, booking::Booking, $body);
        each!(@one $service, notifications::Notifications, $body);
    }};
    (@one $service:ident, $type:ty, $body:expr) => {{
        type $service = $type;
        $body
    }};
}

/// Names of all services, in the order in which they are started.
pub const NAMES: [&str; 7] = [
    identity::Identity::NAME,
    participants::Participants::NAME,
    applications::Applications::NAME,
    billing::Billing::NAME,
    payments::Payments::NAME,
    booking::Booking::NAME,
    notifications::Notifications::NAME,
];

/// Names and annotated defaults.
pub(crate) fn sections() -> Vec<(&'static str, &'static str)> {
    let mut sections = Vec::new();
    each!(S => sections.push((S::NAME, S::DEFAULTS)));
    sections
}

/// Reads every service's section; the faults are then in `settings.faults()`.
pub(crate) fn validate(settings: &mut Settings) {
    each!(S => {
        settings.section::<<S as Service>::Config>(S::NAME);
    });
}

/// Contexts whose facts each service reads.
pub(crate) fn reads() -> Vec<(&'static str, &'static [&'static str])> {
    let mut reads = Vec::new();
    each!(S => reads.push((S::NAME, S::READS)));
    reads
}

/// Methods of each service that only those with these names may call; all others are the edge's.
pub fn callers() -> Vec<(&'static str, MethodCallers)> {
    let mut callers = Vec::new();
    each!(S => callers.push((S::NAME, S::CALLERS)));
    callers
}

/// Adds all services to a host.
pub(crate) async fn add(host: &mut Host, settings: &mut Settings) -> anyhow::Result<Vec<Context>> {
    let mut contexts = Vec::new();
    each!(S => contexts.push(host.add::<S>(settings).await?));
    Ok(contexts)
}

/// Writes the demo's rows of all services, once.
pub(crate) async fn load_demo(contexts: &[Context], settings: &mut Settings, password: &str) -> anyhow::Result<()> {
    each!(S => {
        let config = settings
            .section::<<S as Service>::Config>(S::NAME)
            .with_context(|| settings.faults().join("\n"))?;
        let context = contexts.iter().find(|context| context.service == S::NAME).context("a service is missing")?;
        S::load_demo(context, &config, password).await.with_context(|| format!("the demo's {}", S::NAME))?;
    });
    Ok(())
}

/// Runs one service, or the gateway, until SIGTERM.
pub async fn run(name: &str, options: &ProcessOptions) -> anyhow::Result<()> {
    each!(S => if S::NAME == name {
        return service::serve::<S>(options, service::settings::<S>(options)).await;
    });
    if name == gateway::process::NAME {
        return gateway::process::run(options, gateway::process::settings(options)).await;
    }
    bail!("there is no service '{name}': say one of {}, gateway", NAMES.join(", "))
}

/// Brings the databases of these services up to date; of all, where none is named.
pub async fn migrate(names: &[String], chassis: &ChassisConfig, options: &ProcessOptions) -> anyhow::Result<()> {
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!("there is no service '{unknown}': say some of {}", NAMES.join(", "));
    }
    each!(S => if names.is_empty() || names.iter().any(|name| name == S::NAME) {
        service::migrate::<S>(chassis, &options.data).await?;
    });
    Ok(())
}
