//! Starts everything in one process, and stops it in order.

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context as _, bail, ensure};
use chassis::{
    auth::ed25519,
    clock::Sources,
    config::{ChassisConfig, Settings},
    context::Context,
    db::Database,
    lifecycle::Lifecycle,
    seal::KeyRing,
    service::{Host, HostSettings},
    telemetry::{self, Telemetry},
};
use gateway::GatewayParts;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    demo::{self, Sandboxes},
    options::Options,
    services, settings,
};

/// A portal that runs.
pub struct Portal {
    /// Where the pages and the API answer.
    pub address: SocketAddr,
    /// The address that people type.
    pub public_url: String,
    pub grpc_address: SocketAddr,
    /// The sandbox bank, in the demo.
    pub bank_url: Option<String>,
    /// The page of the sandbox's mail, in the demo.
    pub mail_url: Option<String>,
    /// Password of the demo accounts.
    pub demo_password: Option<String>,
    /// Link of the first admin's invitation, told once.
    pub first_admin_url: Option<String>,
    edge: CancellationToken,
    gateway: JoinHandle<anyhow::Result<()>>,
    lifecycle: Lifecycle,
    databases: Vec<Database>,
    drain: Duration,
    sandboxes: Option<Sandboxes>,
    telemetry: Telemetry,
    _lock: fs::File,
}

impl Portal {
    /// Starts with the system's clock.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let settings = settings::load(options.config.as_deref());
        Self::start_with(options, settings, Sources::system()).await
    }

    /// Starts with given settings, time and randomness.
    pub async fn start_with(options: Options, mut settings: Settings, sources: Sources) -> anyhow::Result<Self> {
        ed25519::install();
        let chassis = settings.section::<ChassisConfig>("chassis").with_context(|| settings.faults().join("\n"))?;
        let telemetry = telemetry::start(&chassis.telemetry, "portal")?;
        ensure!(
            options.listen.ip().is_loopback()
                || options.public_url.as_ref().is_some_and(|url| url.starts_with("https://")),
            "--listen {} is reachable from elsewhere: say --public-url https://… as people will type it",
            options.listen
        );
        let lock = lock(&options.data)?;
        let listener = bind(options.listen, "--listen").await?;
        let grpc_listener = bind(options.grpc_listen, "--grpc-listen").await?;
        let (address, grpc_address) = (listener.local_addr()?, grpc_listener.local_addr()?);
        let public_url = options.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        settings.set("gateway.public_url", &public_url);
        settings.set("gateway.zone", &chassis.zone);

        let keys = KeyRing::open(&options.data.join("keys"), has_data(&options.data)?, &sources)?;
        let lifecycle = Lifecycle::default();
        let sandboxes = if options.no_demo {
            None
        } else {
            let sandboxes = Sandboxes::start(&options, &keys, &public_url, CancellationToken::new()).await?;
            for (key, value) in &sandboxes.settings {
                settings.set(key, value);
            }
            Some(sandboxes)
        };
        let drain = Duration::from_secs(chassis.process.drain_seconds);
        let host_settings =
            HostSettings { data: options.data.clone(), sources: sources.clone(), keys: keys.clone(), chassis };
        let mut host = Host::for_all(host_settings, &services::NAMES, lifecycle.stopping())?;
        let contexts = services::add(&mut host, &mut settings).await?;
        let mut demo_password = None;
        let mut first_admin_url = None;
        if options.no_demo {
            first_admin_url = first_admin(&contexts, &public_url).await?;
        } else {
            let password = demo::password(&options.data, options.demo_password.as_deref(), &sources)?;
            services::load_demo(&contexts, &mut settings, &password).await?;
            demo_password = Some(password);
        }

        let gateway_config =
            settings.section::<gateway::process::Section>("gateway").with_context(|| settings.faults().join("\n"))?.0;
        let dialer = host.dialer().clone();
        let databases = host.databases();
        host.start(grpc_listener, &lifecycle).await?;
        let edge = CancellationToken::new();
        let parts = GatewayParts { config: gateway_config, dialer, sources, cookie_key: keys.cookie().to_vec() };
        #[expect(clippy::disallowed_methods, reason = "joined at the stop")]
        let gateway = tokio::spawn(gateway::serve(parts, listener, edge.clone()));
        Ok(Self {
            address,
            public_url,
            grpc_address,
            bank_url: sandboxes.as_ref().map(|running| running.bank.base_url.clone()),
            mail_url: sandboxes.as_ref().map(|running| format!("http://{}", running.mail.web_address)),
            demo_password,
            first_admin_url,
            edge,
            gateway,
            lifecycle,
            databases,
            drain,
            sandboxes,
            telemetry,
            _lock: lock,
        })
    }

    /// The sandbox's received mail, in the demo.
    pub fn mailbox(&self) -> Option<&sandbox_mail::Mailbox> {
        self.sandboxes.as_ref().map(|running| &running.mail.mailbox)
    }

    /// The sandbox bank's books and switches, in the demo.
    pub fn bank(&self) -> Option<&sandbox_bank::Bank> {
        self.sandboxes.as_ref().map(|running| &running.bank.bank)
    }

    /// Lets the edge finish what it has begun, then the services, then the databases.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.edge.cancel();
        self.gateway.await.context("the gateway's task")??;
        let in_time = self.lifecycle.stop(self.drain).await;
        if let Some(sandboxes) = self.sandboxes {
            sandboxes.stop().await;
        }
        for database in &self.databases {
            database.close().await;
        }
        self.telemetry.stop().await;
        ensure!(in_time, "some work did not end in time; nothing that was answered is lost");
        Ok(())
    }
}

/// The link of the first admin's invitation, where one is due.
pub(crate) async fn first_admin(contexts: &[Context], public_url: &str) -> anyhow::Result<Option<String>> {
    let identity = contexts.iter().find(|context| context.service == "identity").context("identity is missing")?;
    let token = identity::first_admin(identity).await?;
    Ok(token.map(|token| format!("{}/invitation?token={token}", public_url.trim_end_matches('/'))))
}

async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{flag} {address} can't be listened on"))
}

/// One data directory belongs to one process.
pub(crate) fn lock(data: &Path) -> anyhow::Result<fs::File> {
    fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(data.join("portal.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            bail!("another portal runs on {} already: stop it, or say --data with another folder", data.display())
        }
        Err(fs::TryLockError::Error(error)) => Err(error).context("locking the data directory"),
    }
}

fn has_data(data: &Path) -> anyhow::Result<bool> {
    for entry in fs::read_dir(data)? {
        if entry?.path().extension().is_some_and(|extension| extension == "db") {
            return Ok(true);
        }
    }
    Ok(false)
}
