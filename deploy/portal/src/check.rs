//! `portal check`: proves from the databases, read-only, that the promises hold: I1 with a client's log, I2 to I5, I6, I7, C5.
//! It may look while the portal runs; what could be in flight is looked at twice.

mod client_log;
mod deliveries;
mod histories;
mod ledger;
mod papers;
mod refunds;
mod slots;

use std::{collections::BTreeMap, path::Path, time::Duration};

use anyhow::Context as _;
use chassis::config::ChassisConfig;
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement};

use crate::services::NAMES;

/// Databases by service.
pub(crate) type Databases = BTreeMap<&'static str, DatabaseConnection>;

/// Where the databases to be looked at are.
#[derive(Debug, Clone)]
pub struct Places(Vec<(&'static str, String)>);

impl Places {
    /// As the settings say; files in `data` where they say nothing.
    pub fn of(chassis: &ChassisConfig, data: &Path) -> anyhow::Result<Self> {
        if !chassis.database.url.is_empty() {
            let url = |name| anyhow::Ok((name, chassis.database.url_of(name, data)?));
            return Ok(Self(NAMES.into_iter().map(url).collect::<Result<_, _>>()?));
        }
        Self::in_folder(data)
    }

    /// The files of a data folder.
    pub fn in_folder(data: &Path) -> anyhow::Result<Self> {
        let mut places = Vec::new();
        for name in NAMES {
            let file = data.join(format!("{name}.db"));
            anyhow::ensure!(file.exists(), "{} is not there: is this a portal's data directory?", file.display());
            places.push((name, format!("sqlite://{}?mode=ro", file.display())));
        }
        Ok(Self(places))
    }
}

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    /// One sentence per broken promise.
    pub violations: Vec<String>,
    /// One line per invariant that was looked at.
    pub lines: Vec<String>,
}

impl Report {
    pub fn is_sound(&self) -> bool {
        self.violations.is_empty()
    }
}

/// Looks at the databases. `settled` also counts what still waits for delivery as a violation.
pub async fn run(places: &Places, client_log: Option<&Path>, settled: bool) -> anyhow::Result<Report> {
    let mut databases = Databases::new();
    for (name, url) in &places.0 {
        let opened = chassis::db::open_read_only(url).await;
        databases.insert(name, opened.with_context(|| format!("the database of {name}"))?);
    }
    let mut report = Report::default();
    if let Some(log) = client_log {
        client_log::check(&databases, log, &mut report).await?;
    }
    slots::check(&databases, &mut report).await?;
    deliveries::check(&databases, settled, &mut report).await?;
    histories::check(&databases, &mut report).await?;
    ledger::check(&databases, &mut report).await?;
    refunds::check(&databases, settled, &mut report).await?;
    papers::check(&databases, &mut report).await?;
    for database in databases.into_values() {
        database.close().await?;
    }
    Ok(report)
}

/// Facts that no bus has taken yet, in all services together.
pub async fn unpublished(places: &Places) -> anyhow::Result<i64> {
    #[derive(FromQueryResult)]
    struct Count {
        n: i64,
    }
    let mut waiting = 0;
    for (_, url) in &places.0 {
        let database = chassis::db::open_read_only(url).await?;
        let counted: Vec<Count> =
            rows(&database, "SELECT COUNT(*) AS n FROM outbox WHERE published_at IS NULL").await?;
        waiting += counted.iter().map(|count| count.n).sum::<i64>();
        database.close().await?;
    }
    Ok(waiting)
}

/// Between two looks at what may be in flight.
pub(crate) const PAUSE: Duration = Duration::from_millis(500);

/// Rows of a fixed query.
pub(crate) async fn rows<T: FromQueryResult>(
    database: &DatabaseConnection,
    query: &'static str,
) -> anyhow::Result<Vec<T>> {
    let found = database.query_all_raw(Statement::from_string(database.get_database_backend(), query)).await?;
    Ok(found.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// The database of a service.
pub(crate) fn of<'a>(databases: &'a Databases, service: &str) -> anyhow::Result<&'a DatabaseConnection> {
    databases.get(service).ok_or_else(|| anyhow::anyhow!("no database of {service}"))
}
