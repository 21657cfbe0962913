//! A portal of a test's own: private folder, free ports, demo data. The same tests run on both forms: everything in one
//! process, or (`PORTAL_TEST_FORM=separate`) each service as a process of its own on PostgreSQL and NATS.

use std::{os::unix::fs::PermissionsExt as _, path::Path, sync::Arc, time::Duration};

use chassis::{
    clock::{Clock, Sources},
    dial::DialerBuilder,
};
use futures::FutureExt as _;
use kernel::Time;
use portal::{
    Options, Portal, check,
    dev::{Dev, Plan},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{api::Api, child, reflection::Reflected};

pub const PASSWORD: &str = "Correct-Horse-Battery-9";

/// A running portal.
pub struct World {
    pub api: Api,
    form: Form,
    folder: TempDir,
}

/// A clock that is so much ahead of the system's.
struct Ahead(Duration);

impl Clock for Ahead {
    fn now(&self) -> Time {
        Sources::system().now().plus(self.0)
    }
}

enum Form {
    Embedded(Box<Portal>),
    Separate(Box<Dev>),
}

/// Whether this run tests separate processes.
pub fn is_separate() -> bool {
    std::env::var("PORTAL_TEST_FORM").is_ok_and(|form| form == "separate")
}

impl World {
    /// Starts with default settings, in the form of this run.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with some settings changed.
    pub async fn start_with(changes: &[(&str, Value)]) -> Self {
        Self::open(folder(), changes).await
    }

    async fn open(folder: TempDir, changes: &[(&str, Value)]) -> Self {
        if is_separate() {
            let plan = plan(&folder, changes);
            return Self::carry_out(folder, plan).await;
        }
        Self::in_one_process(folder, changes, Sources::system()).await
    }

    /// One process whatever the form of this run is: only there a test tells the time.
    pub async fn start_in_one_process() -> Self {
        Self::in_one_process(folder(), &[], Sources::system()).await
    }

    /// The same data days later. Whoever was signed in has to sign in again.
    pub async fn restart_later(self, days: u64) -> Self {
        self.form.stop().await;
        let ahead = Ahead(Duration::from_secs(days * 24 * 3600));
        Self::in_one_process(self.folder, &[], Sources::with_clock(Arc::new(ahead))).await
    }

    async fn in_one_process(folder: TempDir, changes: &[(&str, Value)], sources: Sources) -> Self {
        let mut settings = portal::load_settings(None);
        for (key, value) in every_test() {
            settings.set(key, value);
        }
        for (key, value) in changes {
            settings.set(key, value);
        }
        let portal = Portal::start_with(options(folder.path()), settings, sources).await.unwrap();
        Self { api: Api::new(&portal.public_url), form: Form::Embedded(Box::new(portal)), folder }
    }

    /// Separate processes whatever the form of this run is, some services with more than one.
    pub async fn start_separate(changes: &[(&str, Value)], replicas: &[(&str, usize)]) -> Self {
        Self::start_separate_with(changes, replicas, &[]).await
    }

    /// The same, with some environment for the first life of each process.
    pub async fn start_separate_with(
        changes: &[(&str, Value)],
        replicas: &[(&str, usize)],
        environment: &[(&str, &str)],
    ) -> Self {
        let folder = folder();
        let mut plan = plan(&folder, changes);
        plan.replicas = replicas.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        plan.environment = environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Self::carry_out(folder, plan).await
    }

    /// Separate processes that reach their databases through something else, which listens at `front`.
    pub async fn start_separate_behind(front: u16, postgres_port: u16, changes: &[(&str, Value)]) -> Self {
        let folder = folder();
        let mut plan = plan(&folder, changes);
        plan.postgres_port = Some(postgres_port);
        let url = format!("postgres://{{service}}@127.0.0.1:{front}/{{service}}");
        plan.settings.push(("chassis.database.url".to_owned(), json!(url)));
        Self::carry_out(folder, plan).await
    }

    async fn carry_out(folder: TempDir, plan: Plan) -> Self {
        let dev = Dev::start(plan).await.unwrap_or_else(|error| panic!("{error:#}\n{}", logs(folder.path())));
        Self { api: Api::new(&dev.public_url), form: Form::Separate(Box::new(dev)), folder }
    }

    /// Stops and starts again on the same data, with some settings changed.
    pub async fn restart_with(self, changes: &[(&str, Value)]) -> Self {
        self.form.stop().await;
        Self::open(self.folder, changes).await
    }

    pub fn public_url(&self) -> &str {
        match &self.form {
            Form::Embedded(portal) => &portal.public_url,
            Form::Separate(dev) => &dev.public_url,
        }
    }

    /// The processes, where they are separate.
    pub fn dev(&mut self) -> &mut Dev {
        match &mut self.form {
            Form::Separate(dev) => dev,
            Form::Embedded(_) => panic!("this portal is one process"),
        }
    }

    /// The mail that the sandbox received.
    pub fn mailbox(&self) -> &sandbox_mail::Mailbox {
        match &self.form {
            Form::Embedded(portal) => portal.mailbox().unwrap(),
            Form::Separate(dev) => dev.mailbox(),
        }
    }

    /// Where the sandbox's received mail is shown.
    pub fn mail_url(&self) -> String {
        match &self.form {
            Form::Embedded(portal) => portal.mail_url.clone().unwrap(),
            Form::Separate(dev) => dev.mail_url(),
        }
    }

    /// A gRPC client of all services, found by reflection.
    pub async fn grpc(&self) -> Reflected {
        match &self.form {
            Form::Embedded(portal) => Reflected::connect(&format!("http://{}", portal.grpc_address)).await,
            Form::Separate(dev) => {
                let dialer = DialerBuilder::default().remote(dev.calls(), "client").build();
                Reflected::of(dev.services.keys().map(|name| dialer.channel(name).unwrap()).collect()).await
            }
        }
    }

    /// What staff may do about facts that one service could not apply.
    pub async fn operations(&self, context: &str) -> Reflected {
        match &self.form {
            Form::Embedded(_) => self.grpc().await,
            Form::Separate(dev) => {
                let dialer = DialerBuilder::default().remote(dev.calls(), "client").build();
                Reflected::of(vec![dialer.channel(context).unwrap()]).await
            }
        }
    }

    /// The ends of all logs, for a failure's message.
    pub fn logs(&self) -> String {
        logs(self.folder.path())
    }

    /// The world's own folder.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Signs one of the demo's accounts in: "manager", "supervisor", "applicant2", …
    pub async fn demo(&self, name: &str) -> Api {
        self.api.sign_in(&format!("{name}@demo.example"), PASSWORD).await
    }

    /// Where the databases are.
    pub fn places(&self) -> check::Places {
        match &self.form {
            Form::Embedded(_) => check::Places::in_folder(self.folder.path()).unwrap(),
            Form::Separate(dev) => check::Places::of(dev.chassis(), dev.data()).unwrap(),
        }
    }

    /// Waits until no fact is on its way and all promises are kept.
    pub async fn settle(&self, client_log: Option<&Path>) {
        let places = self.places();
        let settled = crate::poll::until_within(
            crate::poll::REDELIVERED,
            "all facts delivered and all promises kept",
            || async { check::run(&places, client_log, true).await.unwrap() },
            portal::check::Report::is_sound,
        );
        match std::panic::AssertUnwindSafe(settled).catch_unwind().await {
            Ok(report) => assert!(report.is_sound()),
            Err(panic) => {
                self.tell_logs();
                std::panic::resume_unwind(panic)
            }
        }
    }

    /// What the processes were worried about, for whoever looks for the cause.
    fn tell_logs(&self) {
        let Form::Separate(dev) = &self.form else { return };
        for log in std::fs::read_dir(dev.data().join("logs")).into_iter().flatten().flatten() {
            let text = std::fs::read_to_string(log.path()).unwrap_or_default();
            let worried = text.lines().filter(|line| line.contains(" WARN ") || line.contains(" ERROR "));
            let last: Vec<&str> = worried.rev().take(12).collect();
            println!("{}, the last worries first:", log.file_name().display());
            last.iter().for_each(|line| println!("  {line}"));
        }
    }

    /// Proves the invariants and stops.
    pub async fn end(self) {
        self.settle(None).await;
        self.form.stop().await;
    }
}

impl Form {
    async fn stop(self) {
        match self {
            Self::Embedded(portal) => portal.stop().await.unwrap(),
            Self::Separate(dev) => dev.stop().await.unwrap(),
        }
    }
}

/// A folder that the user of a private PostgreSQL may enter.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Separate processes in a folder, with some settings changed.
fn plan(folder: &TempDir, changes: &[(&str, Value)]) -> Plan {
    let own = changes.iter().map(|(key, value)| (*key, value.clone()));
    let settings = every_test().into_iter().chain(own).map(|(key, value)| (key.to_owned(), value)).collect();
    Plan { settings, hurried: true, ..Plan::new(child::binary(), options(&folder.path().join("data"))) }
}

/// The ends of all logs, for a failure.
fn logs(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder.join("data/logs")).into_iter().flatten().flatten() {
        let log = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        text.push_str(&format!("== {}\n{}\n", entry.path().display(), lines.join("\n")));
    }
    text
}

/// Options of a private portal.
pub fn options(data: &Path) -> Options {
    Options { demo_password: Some(PASSWORD.to_owned()), ..Options::private(data.to_owned()) }
}

fn every_test() -> Vec<(&'static str, Value)> {
    vec![
        ("chassis.telemetry.log", json!("warn")),
        // A journey in an unoptimised build takes longer than a token lives.
        ("identity.session.token_seconds", json!(300)),
    ]
}
