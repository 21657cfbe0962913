//! The portal under test: how it is started, which processes are measured, where its databases are.

mod embedded;
mod separate;
mod settle;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use portal::{check, dev::Dev};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};

use super::{Form, usage::Part};

/// The longest life of a token that may be set: signing in again is not what is measured.
const TOKEN_SECONDS: u64 = 300;

/// A portal of this run's own.
pub(super) struct World {
    folder: tempfile::TempDir,
    demo: bool,
    settings: Vec<(String, Value)>,
    portal: Portal,
}

enum Portal {
    Embedded(Box<embedded::Embedded>),
    Separate(Box<separate::Separate>),
}

/// How long a start took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Started {
    /// Until it says that it is ready.
    pub greeting: Duration,
    pub first_page: Duration,
}

impl World {
    /// Nothing runs yet. Without the demo no mail is sent: the mail server's work is not the portal's.
    pub(super) fn new(form: Form, demo: bool) -> anyhow::Result<Self> {
        let portal = match form {
            Form::Embedded => Portal::Embedded(Box::new(embedded::Embedded::new())),
            Form::Separate => Portal::Separate(Box::default()),
            Form::Both => bail!("one form at a time"),
        };
        let settings = vec![("identity.session.token_seconds".to_owned(), json!(TOKEN_SECONDS))];
        Ok(Self { folder: crate::world::folder(), demo, settings, portal })
    }

    /// A setting of the next start, by dotted key.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.settings.push((key.to_owned(), value.into()));
    }

    pub(super) async fn start(&mut self) -> anyhow::Result<Started> {
        let begun = Instant::now();
        let folder = self.folder.path();
        match &mut self.portal {
            Portal::Embedded(portal) => portal.start(folder, self.demo, &self.settings).await?,
            Portal::Separate(portal) => portal.start(folder, self.demo, &self.settings).await?,
        }
        let greeting = begun.elapsed();
        let http = reqwest::Client::new();
        while !http.get(self.base()).send().await.is_ok_and(|answer| answer.status().is_success()) {
            ensure!(begun.elapsed() < Duration::from_mins(1), "the first page does not answer");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Started { greeting, first_page: begun.elapsed() })
    }

    /// Ends it as an operator would, and waits until its databases are closed.
    pub(super) async fn stop(&mut self) -> anyhow::Result<()> {
        match &mut self.portal {
            Portal::Embedded(portal) => portal.stop().await,
            Portal::Separate(portal) => portal.stop().await,
        }
    }

    /// Starts it anew, for settings that it reads at its start.
    pub(super) async fn restart(&mut self) -> anyhow::Result<()> {
        self.stop().await?;
        self.start().await?;
        Ok(())
    }

    /// Stops what must not run while rows are written past it: a SQLite file is one process's. PostgreSQL is left.
    pub(super) async fn pause(&mut self) -> anyhow::Result<()> {
        match &mut self.portal {
            Portal::Embedded(portal) => portal.stop().await,
            Portal::Separate(_) => Ok(()),
        }
    }

    pub(super) async fn resume(&mut self) -> anyhow::Result<()> {
        if matches!(self.portal, Portal::Embedded(_)) {
            self.start().await?;
        }
        Ok(())
    }

    /// The processes whose work is the portal's, its databases' too.
    pub(super) fn parts(&self) -> Vec<Part> {
        match &self.portal {
            Portal::Embedded(portal) => portal.pid().into_iter().map(|pid| Part::alone("portal", pid)).collect(),
            Portal::Separate(portal) => portal.parts(),
        }
    }

    /// The separate processes, where the portal is some.
    pub(super) fn dev(&mut self) -> Option<&mut Dev> {
        match &mut self.portal {
            Portal::Embedded(_) => None,
            Portal::Separate(portal) => portal.dev_mut().ok(),
        }
    }

    /// Where pages and API answer.
    pub(super) fn base(&self) -> String {
        match &self.portal {
            Portal::Embedded(portal) => portal.base(),
            Portal::Separate(portal) => portal.dev().map(|dev| dev.public_url.clone()).unwrap_or_default(),
        }
    }

    /// A folder on the same disk, for the bare database's own files.
    pub(super) fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// Where rows may be written past the portal.
    pub(super) fn store(&self, service: &str) -> anyhow::Result<Store> {
        match &self.portal {
            Portal::Embedded(_) => Ok(Store::File(embedded::file(self.folder.path(), service))),
            Portal::Separate(portal) => Ok(Store::Server(portal.superuser_url(service)?)),
        }
    }

    fn places(&self) -> anyhow::Result<check::Places> {
        match &self.portal {
            Portal::Embedded(_) => check::Places::in_folder(&embedded::data(self.folder.path())),
            Portal::Separate(portal) => {
                let dev = portal.dev()?;
                check::Places::of(dev.chassis(), dev.data())
            }
        }
    }

    /// A service's database, for looking only.
    pub(super) async fn look(&self, service: &str) -> anyhow::Result<DatabaseConnection> {
        let url = match &self.portal {
            Portal::Embedded(_) => {
                format!("sqlite://{}?mode=ro", embedded::file(self.folder.path(), service).display())
            }
            Portal::Separate(portal) => {
                let dev = portal.dev()?;
                dev.chassis().database.url_of(service, dev.data())?
            }
        };
        chassis::db::open_read_only(&url).await
    }

    /// Waits until every fact has been taken by its readers and no message waits. Answers how long that took.
    pub(super) async fn settled(&self) -> anyhow::Result<Duration> {
        settle::wait(self).await
    }

    /// Proves the portal's promises from its databases.
    pub(super) async fn check(&self) -> anyhow::Result<()> {
        let report = check::run(&self.places()?, None, true).await?;
        for violation in &report.violations {
            println!("  {violation}");
        }
        if report.is_sound() { Ok(()) } else { bail!("promises are broken") }
    }
}

/// Where a service's rows are.
pub(super) enum Store {
    /// A SQLite file.
    File(PathBuf),
    /// The address of a PostgreSQL database, as its superuser.
    Server(String),
}

/// A number that a query answers as `n`.
pub(super) async fn count(database: &DatabaseConnection, query: &str) -> anyhow::Result<i64> {
    let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), query)).await?;
    Ok(row.context("no count")?.try_get("", "n")?)
}
