//! `portal check`: proves from the databases, read-only, that the promises hold: I1 with a client's log, I5, I6, I7.
//! It may look while the portal runs; what could be in flight is looked at twice.

mod client_log;
mod deliveries;
mod histories;
mod slots;

use std::{collections::BTreeMap, path::Path, time::Duration};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, Statement};

/// Databases by service.
pub(crate) type Databases = BTreeMap<&'static str, DatabaseConnection>;

const SERVICES: [&str; 7] =
    ["applications", "billing", "booking", "identity", "notifications", "participants", "payments"];

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

/// Looks at a data directory. `settled` also counts what still waits for delivery as a violation.
pub async fn run(data: &Path, client_log: Option<&Path>, settled: bool) -> anyhow::Result<Report> {
    let mut databases = Databases::new();
    for service in SERVICES {
        let file = data.join(format!("{service}.db"));
        anyhow::ensure!(file.exists(), "{} is not there: is this a portal's data directory?", file.display());
        databases.insert(service, chassis::db::open_read_only(&file).await?);
    }
    let mut report = Report::default();
    if let Some(log) = client_log {
        client_log::check(&databases, log, &mut report).await?;
    }
    slots::check(&databases, &mut report).await?;
    deliveries::check(&databases, settled, &mut report).await?;
    histories::check(&databases, &mut report).await?;
    for database in databases.into_values() {
        database.close().await?;
    }
    Ok(report)
}

/// Between two looks at what may be in flight.
pub(crate) const PAUSE: Duration = Duration::from_millis(500);

/// Rows of a fixed query.
pub(crate) async fn rows<T: FromQueryResult>(
    database: &DatabaseConnection,
    query: &'static str,
) -> anyhow::Result<Vec<T>> {
    let found = database.query_all_raw(Statement::from_string(DbBackend::Sqlite, query)).await?;
    Ok(found.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// The database of a service.
pub(crate) fn of<'a>(databases: &'a Databases, service: &str) -> anyhow::Result<&'a DatabaseConnection> {
    databases.get(service).ok_or_else(|| anyhow::anyhow!("no database of {service}"))
}
