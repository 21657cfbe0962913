//! Opens a service's database: migrates on a single connection, checks the engine's settings, then makes the pools.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, ensure};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database as Connector, DatabaseConnection, DbBackend, Statement,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use serde::Deserialize;

use super::Database;

/// Where a service's database is and how many connections it may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:` or `postgres:` address. Empty: a SQLite file in the data directory.
    #[serde(default)]
    pub url: String,
    /// Connections for reading (SQLite) or for everything (PostgreSQL). 8 to 16 beat more on two cores.
    pub connections_max: u32,
}

/// The bundled SQLite must not be older: 3.7.0 to 3.51.2 can corrupt a database in rare resets of its log.
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);

struct Migrations;

tokio::task_local! {
    static LIST: fn() -> Vec<Box<dyn MigrationTrait>>;
}

impl MigratorTrait for Migrations {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = crate::migrations::all();
        LIST.with(|list| all.extend(list()));
        all
    }
}

/// Opens the database, bringing its schema up to date first.
pub async fn open(
    url: &str,
    connections_max: u32,
    migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
) -> anyhow::Result<Database> {
    let migrator = connect(url, 1, false).await?;
    if migrator.get_database_backend() == DbBackend::Sqlite {
        check_sqlite(&migrator).await?;
    }
    LIST.scope(migrations, Migrations::up(&migrator, None)).await.context("migrating")?;
    migrator.close().await?;
    if url.starts_with("sqlite:") {
        let writer = connect(url, 1, false).await?;
        let reader = connect(url, connections_max, true).await?;
        Ok(Database::new_sqlite(reader, writer))
    } else {
        Ok(Database::new_pool(connect(url, connections_max, false).await?))
    }
}

/// Opens a database beside the running portal, for looking only.
pub async fn open_read_only(file: &Path) -> anyhow::Result<DatabaseConnection> {
    let url = format!("sqlite://{}?mode=ro", file.display());
    connect(&url, 1, true).await
}

async fn connect(url: &str, connections_max: u32, read_only: bool) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections_max)
        .min_connections(0)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false);
    if url.starts_with("sqlite:") {
        // An idle SQLite connection costs nothing, and opening one again costs a page cache.
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
        options.map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .synchronous(SqliteSynchronous::Full)
                .statement_cache_capacity(256);
            if read_only {
                sqlite.pragma("query_only", "on")
            } else {
                sqlite.create_if_missing(true).journal_mode(SqliteJournalMode::Wal)
            }
        });
    } else {
        options.max_lifetime(Duration::from_secs(900)).test_before_acquire(true);
    }
    Connector::connect(options).await.with_context(|| format!("opening the database {}", without_password(url)))
}

fn without_password(url: &str) -> &str {
    url.rsplit_once('@').map_or(url, |(_, place)| place)
}

async fn check_sqlite(connection: &DatabaseConnection) -> anyhow::Result<()> {
    let version = pragma(connection, "SELECT sqlite_version() AS value").await?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    ensure!(found >= SQLITE_VERSION_MIN, "SQLite {version} is too old: its write-ahead log can corrupt the database");
    let journal = pragma(connection, "SELECT journal_mode AS value FROM pragma_journal_mode").await?;
    ensure!(journal == "wal", "SQLite's journal is '{journal}', not 'wal'");
    let synchronous = connection
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, "SELECT synchronous AS value FROM pragma_synchronous"))
        .await?
        .context("SQLite tells nothing of 'synchronous'")?
        .try_get::<i32>("", "value")?;
    ensure!(synchronous == 2, "SQLite's 'synchronous' is {synchronous}, not 2 (FULL)");
    Ok(())
}

async fn pragma(connection: &DatabaseConnection, query: &'static str) -> anyhow::Result<String> {
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, query)).await?;
    Ok(row.context("SQLite gave no answer")?.try_get::<String>("", "value")?)
}
