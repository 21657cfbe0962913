//! `portal dev`: the separate form on one machine without containers. A private PostgreSQL and nats-server, each service
//! and the gateway as a process of its own with TLS between them, the sandboxes beside; what dies is started again.

mod certificates;
mod child;
mod nats;
mod postgres;
mod servers;
mod settings_file;
mod supervise;

use std::{
    collections::BTreeMap,
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use chassis::{
    auth::ed25519,
    clock::Sources,
    config::ChassisConfig,
    dial::{CallsConfig, DialerBuilder},
    seal::KeyRing,
    service::ProcessOptions,
    telemetry,
};
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

pub use certificates::make as certificates;
pub use postgres::binaries as postgres_programs;
pub use servers::Servers;

use child::{Child, child_name};
use settings_file::Settings;

use crate::{
    demo::{self, Sandboxes},
    options::Options,
    services, settings, setup,
};

/// Something that should be there soon is waited for this long.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);
const POSTGRES: &str = "postgres";
const NATS: &str = "nats";
const GATEWAY: &str = gateway::process::NAME;

/// What is to be started.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The portal's program, which is each child's.
    pub binary: PathBuf,
    pub options: Options,
    /// How many processes of a service; one, where nothing is said.
    pub replicas: BTreeMap<String, usize>,
    /// Settings for all children, by dotted key.
    pub settings: Vec<(String, Value)>,
    /// Environment of each child's first life, beyond the settings.
    pub environment: Vec<(String, String)>,
    /// PostgreSQL's port, where it must be known beforehand.
    pub postgres_port: Option<u16>,
    /// PostgreSQL is stopped without a last checkpoint.
    pub hurried: bool,
}

impl Plan {
    pub fn new(binary: PathBuf, options: Options) -> Self {
        Self {
            binary,
            options,
            replicas: BTreeMap::new(),
            settings: Vec::new(),
            environment: Vec::new(),
            postgres_port: None,
            hurried: false,
        }
    }
}

/// The running processes.
pub struct Dev {
    pub public_url: String,
    /// Address of each process of a service.
    pub services: BTreeMap<String, Vec<SocketAddr>>,
    /// Address of PostgreSQL's superuser.
    pub superuser_url: String,
    calls: CallsConfig,
    chassis: ChassisConfig,
    data: PathBuf,
    demo_password: String,
    sandboxes: Sandboxes,
    keeper: supervise::Keeper,
}

impl Dev {
    /// Starts everything and returns once every service is ready.
    pub async fn start(plan: Plan) -> anyhow::Result<Self> {
        ed25519::install();
        let options = &plan.options;
        ensure!(!options.no_demo, "`portal dev` is a demo: it knows no --no-demo");
        ensure!(options.listen.ip().is_loopback(), "`portal dev` stays on loopback");
        fs::create_dir_all(&options.data).with_context(|| format!("making {}", options.data.display()))?;
        let data = options.data.canonicalize()?;
        let (logs, tls) = (data.join("logs"), data.join("tls"));
        fs::create_dir_all(&logs)?;
        let sources = Sources::system();
        let keys = KeyRing::open(&data.join("keys"), data.join("postgres/cluster/PG_VERSION").exists(), &sources)?;

        let gateway_address = free(options.listen)?;
        let public_url = options.public_url.clone().unwrap_or_else(|| format!("http://{gateway_address}"));
        let mut addresses = BTreeMap::new();
        for name in services::NAMES {
            let count = plan.replicas.get(name).copied().unwrap_or(1);
            let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
            addresses.insert(name.to_owned(), (0..count).map(|_| free(loopback)).collect::<Result<Vec<_>, _>>()?);
        }
        let names: Vec<&str> = services::NAMES.into_iter().chain([GATEWAY, NATS, "client"]).collect();
        certificates::make(&tls, &names)?;

        let mut keeper = supervise::Keeper::default();
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let postgres_port = plan.postgres_port.map_or_else(|| Ok(free(loopback)?.port()), anyhow::Ok)?;
        let postgres = postgres::Postgres::prepare(&data.join("postgres"), postgres_port, &sources).await?;
        let nats_port = free(loopback)?.port();
        nats::prepare(&data.join("nats"), &data.join("nkeys"), &tls, nats_port)?;
        let sandboxes = Sandboxes::start(options, &keys, &public_url, CancellationToken::new()).await?;

        let mut file = Settings::default();
        for (key, value) in [
            ("chassis.process.keys", json!(data.join("keys"))),
            ("chassis.database.url", json!(postgres.url())),
            ("chassis.database.password_file", json!(postgres.password_file())),
            ("chassis.database.migration_url", json!(postgres.migration_url())),
            ("chassis.nats.url", json!(format!("tls://127.0.0.1:{nats_port}"))),
            ("chassis.nats.nkey_file", json!(data.join("nkeys").join("{service}.seed"))),
            ("chassis.nats.ca_file", json!(tls.join("ca.pem"))),
            ("chassis.calls.address", json!("https://{service}:50051")),
            ("chassis.calls.tls.ca_file", json!(tls.join("ca.pem"))),
            ("chassis.calls.tls.cert_file", json!(tls.join("{service}.pem"))),
            ("chassis.calls.tls.key_file", json!(tls.join("{service}.key"))),
            ("gateway.listen", json!(gateway_address)),
            ("gateway.public_url", json!(public_url)),
        ] {
            file.set(key, value);
        }
        for (name, places) in &addresses {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            file.set(&format!("chassis.calls.addresses.{name}"), json!(format!("https://{}", places.join(","))));
        }
        for (key, value) in &sandboxes.settings {
            file.set(key, value.clone());
        }
        for (key, value) in &plan.settings {
            file.set(key, value.clone());
        }
        let config = data.join("portal.toml");
        // It holds the password of the schemas' owners.
        postgres::write_secret(&config, &file.to_toml()?)?;

        let mut loaded = settings::load(Some(&config));
        let chassis = loaded.section::<ChassisConfig>("chassis").with_context(|| loaded.faults().join("\n"))?;
        telemetry::start(&chassis.telemetry, "dev")?;
        let own = Options { data: data.clone(), config: Some(config.clone()), ..options.clone() };

        let superuser_url;
        {
            let log = logs.join("postgres.log");
            let server = std::sync::Arc::new(postgres);
            let commanded = std::sync::Arc::clone(&server);
            // The servers of a test don't wait for a checkpoint: what was answered stands in the log.
            let ends = if plan.hurried { Signal::QUIT } else { Signal::INT };
            keeper.keep(POSTGRES, ends, move |_| commanded.command(&log));
            server.set_up(&sources).await?;
            superuser_url = server.superuser_url();
        }
        let (folder, log) = (data.join("nats"), logs.join("nats.log"));
        ensure!(on_path("nats-server"), "nats-server is not installed: on Debian, apt-get install nats-server");
        keeper.keep(NATS, Signal::TERM, move |_| nats::command(&folder, &log));
        let process = ProcessOptions { data: data.clone(), config: Some(config.clone()), listen: None };
        services::migrate(&[], &chassis, &process).await?;
        let demo_password = demo::password(&data, options.demo_password.as_deref(), &sources)?;
        setup::load_demo(&Options { demo_password: Some(demo_password.clone()), ..own }).await?;

        for (name, places) in &addresses {
            for (index, place) in places.iter().enumerate() {
                let child = Child::new(&plan, &data, name, &child_name(name, index), *place);
                keeper.keep(&child_name(name, index), Signal::TERM, move |life| child.command(life));
            }
        }
        let child = Child::new(&plan, &data, GATEWAY, GATEWAY, gateway_address);
        keeper.keep(GATEWAY, Signal::TERM, move |life| child.command(life));

        let calls = CallsConfig { tls: chassis.calls.tls.of("client"), ..chassis.calls.clone() };
        let running = Self {
            public_url,
            services: addresses,
            superuser_url,
            calls,
            chassis,
            data,
            demo_password,
            sandboxes,
            keeper,
        };
        running.ready().await?;
        Ok(running)
    }

    /// Waits until every service says that it is ready, and the gateway answers.
    pub async fn ready(&self) -> anyhow::Result<()> {
        for (name, places) in &self.services {
            for place in places {
                until(name, || self.health(name, *place)).await?;
            }
        }
        let address: SocketAddr = self.public_url.trim_start_matches("http://").parse().context("the gateway")?;
        until(GATEWAY, || async { Ok(tokio::net::TcpStream::connect(address).await.map(|_| ())?) }).await
    }

    /// Asks the process of a service at this address once whether it is ready.
    pub async fn health(&self, service: &str, place: SocketAddr) -> anyhow::Result<()> {
        let mut calls = self.calls.clone();
        calls.addresses.insert(service.to_owned(), format!("https://{place}"));
        let dialer = DialerBuilder::default().remote(&calls, "client").build();
        let mut health = HealthClient::new(dialer.channel(service)?);
        let answer = health.check(HealthCheckRequest { service: String::new() }).await?;
        ensure!(answer.into_inner().status() == ServingStatus::Serving, "not ready");
        Ok(())
    }

    /// What a program shows that calls the services itself.
    pub fn calls(&self) -> &CallsConfig {
        &self.calls
    }

    /// The settings that all children share.
    pub fn chassis(&self) -> &ChassisConfig {
        &self.chassis
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn demo_password(&self) -> &str {
        &self.demo_password
    }

    /// The sandbox's received mail.
    pub fn mailbox(&self) -> &sandbox_mail::Mailbox {
        &self.sandboxes.mail.mailbox
    }

    /// Where the sandbox's received mail is shown.
    pub fn mail_url(&self) -> String {
        format!("http://{}", self.sandboxes.mail.web_address)
    }

    /// The sandbox bank's books and switches.
    pub fn bank(&self) -> &sandbox_bank::Bank {
        &self.sandboxes.bank.bank
    }

    /// Names of all children: `postgres`, `nats`, the services (`billing`, a second one `billing-2`), `gateway`.
    pub fn children(&self) -> Vec<String> {
        self.keeper.names()
    }

    pub fn pid(&self, child: &str) -> Option<u32> {
        self.keeper.pid(child)
    }

    /// How often a child was started so far.
    pub fn starts(&self, child: &str) -> u32 {
        self.keeper.starts(child)
    }

    /// Kills a child; it is started again.
    pub fn kill(&self, child: &str) -> anyhow::Result<()> {
        self.keeper.signal(child, Signal::KILL)
    }

    /// Asks a child to stop; it is started again.
    pub fn terminate(&self, child: &str) -> anyhow::Result<()> {
        self.keeper.signal(child, Signal::TERM)
    }

    /// Stops a child, with the processes that it has made, in the middle of whatever it does: its sockets stay open and
    /// its locks held.
    pub fn freeze(&self, child: &str) -> anyhow::Result<()> {
        self.keeper.signal_all(child, Signal::STOP)
    }

    pub fn thaw(&self, child: &str) -> anyhow::Result<()> {
        self.keeper.signal_all(child, Signal::CONT)
    }

    /// Kills a child and leaves it dead.
    pub async fn kill_and_hold(&mut self, child: &str) -> anyhow::Result<()> {
        self.keeper.kill_and_hold(child).await
    }

    /// Stops a child and leaves it stopped.
    pub async fn take_down(&mut self, child: &str) -> anyhow::Result<()> {
        self.keeper.take_down(child).await
    }

    /// Starts a child again that was taken down.
    pub fn bring_up(&mut self, child: &str) -> anyhow::Result<()> {
        self.keeper.bring_up(child)
    }

    /// Where to go, for an engineer.
    pub fn tell(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        writeln!(out, "\n  Portal        {}", self.public_url)?;
        writeln!(out, "  API           {}/api/docs", self.public_url.trim_end_matches('/'))?;
        writeln!(out, "  Sandbox bank  {}", self.sandboxes.bank.base_url)?;
        writeln!(out, "  Sandbox mail  http://{}", self.sandboxes.mail.web_address)?;
        for (name, places) in &self.services {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            writeln!(out, "  {name:<14}{}", places.join(" "))?;
        }
        writeln!(out, "  Logs          {}", self.data.join("logs").display())?;
        writeln!(out, "  Settings      {}", self.data.join("portal.toml").display())
    }

    /// Stops the edge, then the services, then what they stood on.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let below = [POSTGRES.to_owned(), NATS.to_owned()];
        let services: Vec<String> =
            self.keeper.names().into_iter().filter(|name| name != GATEWAY && !below.contains(name)).collect();
        self.keeper.end(&[GATEWAY.to_owned()]).await;
        self.keeper.end(&services).await;
        self.sandboxes.stop().await;
        self.keeper.end(&below).await;
        Ok(())
    }
}

/// The address itself, or a free port there.
fn free(address: SocketAddr) -> anyhow::Result<SocketAddr> {
    if address.port() == 0 {
        return Ok(SocketAddr::new(address.ip(), chassis::ports::free()?));
    }
    let taken = TcpListener::bind(address).with_context(|| format!("{address} can't be listened on"))?;
    Ok(taken.local_addr()?)
}

fn on_path(program: &str) -> bool {
    ["/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin"]
        .iter()
        .any(|folder| Path::new(folder).join(program).exists())
}

/// Tries until it succeeds or the patience is over; then tells the last failure.
async fn until<T, F, Fut>(what: &str, mut attempt: F) -> anyhow::Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = anyhow::Result<T>>,
{
    let waited = async {
        let mut last = None;
        loop {
            match attempt().await {
                Ok(done) => return (Some(done), last),
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waited).await {
        Ok((Some(done), _)) => Ok(done),
        Ok((None, _)) | Err(_) => bail!("{what} is not ready after {PATIENCE:?}: see the logs"),
    }
}
