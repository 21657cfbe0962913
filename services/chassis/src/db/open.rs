//! Opens a service's database: checks the engine's settings and the schema's state, then makes the pools. A server
//! that is away is waited for.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, bail, ensure};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database as Connector, DatabaseConnection, DbBackend, Statement,
    sqlx::{
        pool::PoolConnectionMetadata,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::{
    Database,
    migrate::{self, Migrations},
};

/// Where the services' databases are and how many connections each may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres:` address; `{service}` in it stands for the service's name. Empty: a SQLite file in the data folder.
    pub url: String,
    /// File with the password of `url`; `{service}` as above. Empty: the address says it, or none is needed.
    pub password_file: String,
    /// Address for `migrate`: a role that owns the schema. Empty: `url`.
    pub migration_url: String,
    /// Connections for reading (SQLite) or for everything (PostgreSQL). 8 to 16 beat more on two cores.
    pub connections_max: u32,
    /// A statement that takes longer is given up (PostgreSQL).
    pub statement_timeout_ms: u64,
    /// A lock that is not given within this time is given up (PostgreSQL).
    pub lock_timeout_ms: u64,
}

impl DatabaseConfig {
    /// The address of a service's database; a file below `data` where none is configured.
    pub fn url_of(&self, service: &str, data: &Path) -> anyhow::Result<String> {
        if self.url.is_empty() {
            return Ok(format!("sqlite://{}?mode=rwc", data.join(format!("{service}.db")).display()));
        }
        let url = self.url.replace("{service}", service);
        if self.password_file.is_empty() {
            return Ok(url);
        }
        let file = self.password_file.replace("{service}", service);
        let password = std::fs::read_to_string(&file).with_context(|| format!("database.password_file: {file}"))?;
        let (scheme, rest) = url.split_once("://").context("database.url: no address")?;
        let (user, place) = rest.split_once('@').context("database.url: a password needs a user: postgres://user@…")?;
        ensure!(!user.contains(':'), "database.url says a password, and so does database.password_file");
        Ok(format!("{scheme}://{user}:{}@{place}", percent_encoded(password.trim())))
    }

    /// The address that owns the schema.
    pub fn migration_url_of(&self, service: &str, data: &Path) -> anyhow::Result<String> {
        if self.migration_url.is_empty() {
            self.url_of(service, data)
        } else {
            Ok(self.migration_url.replace("{service}", service))
        }
    }
}

/// What a password needs to stand in an address.
fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// The bundled SQLite must not be older: 3.7.0 to 3.51.2 can corrupt a database in rare resets of its log.
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);
/// Between two tries at a server that is away.
const RETRY: Duration = Duration::from_millis(500);
/// How often such tries are told of in the log.
const TOLD_EVERY: u32 = 20;

/// Opens the database of a service. SQLite is brought up to date first; a PostgreSQL server that is away, or whose
/// schema has not been migrated yet, is waited for until `stop`.
pub async fn open(
    url: &str,
    config: &DatabaseConfig,
    migrations: Migrations,
    stop: &CancellationToken,
) -> anyhow::Result<Database> {
    if url.starts_with("sqlite:") {
        let migrator = connect(url, 1, config, false).await?;
        check_sqlite(&migrator).await?;
        migrate::up(&migrator, migrations).await?;
        migrator.close().await?;
        let writer = connect(url, 1, config, false).await?;
        let reader = connect(url, config.connections_max, config, true).await?;
        return Ok(Database::new_sqlite(reader, writer));
    }
    let mut tries = 0_u32;
    loop {
        let reason = match try_open(url, config, migrations).await {
            Ok(database) => return Ok(database),
            Err(error) => error,
        };
        if tries.is_multiple_of(TOLD_EVERY) {
            tracing::warn!(reason = format!("{reason:#}"), "the database is waited for");
        }
        tries = tries.wrapping_add(1);
        tokio::select! {
            () = stop.cancelled() => bail!("stopped while the database was waited for: {reason:#}"),
            () = tokio::time::sleep(RETRY) => {}
        }
    }
}

async fn try_open(url: &str, config: &DatabaseConfig, migrations: Migrations) -> anyhow::Result<Database> {
    let pool = connect(url, config.connections_max, config, false).await?;
    check_postgres(&pool).await?;
    let missing = migrate::missing(&pool, migrations).await?;
    ensure!(missing.is_empty(), "the schema lacks {}: run `migrate`", missing.join(", "));
    Ok(Database::new_pool(pool))
}

/// Opens a database beside the running portal, for looking only.
pub async fn open_read_only(url: &str) -> anyhow::Result<DatabaseConnection> {
    let config = DatabaseConfig {
        url: String::new(),
        password_file: String::new(),
        migration_url: String::new(),
        connections_max: 1,
        statement_timeout_ms: 600_000,
        lock_timeout_ms: 2_000,
    };
    connect(url, 1, &config, true).await
}

pub(super) async fn connect(
    url: &str,
    connections_max: u32,
    config: &DatabaseConfig,
    read_only: bool,
) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections_max)
        .min_connections(0)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire(false);
    if url.starts_with("sqlite:") {
        // An idle SQLite connection costs nothing, and opening one again costs a page cache.
        options.acquire_timeout(Duration::from_secs(5)).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
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
        let session = [
            ("statement_timeout", config.statement_timeout_ms.to_string()),
            ("lock_timeout", config.lock_timeout_ms.to_string()),
            ("idle_in_transaction_session_timeout", "15000".to_owned()),
            ("default_transaction_read_only", if read_only { "on" } else { "off" }.to_owned()),
        ];
        options
            .acquire_timeout(Duration::from_secs(2))
            .connect_timeout(Duration::from_secs(2))
            .max_lifetime(Duration::from_secs(900))
            .map_sqlx_postgres_opts(move |postgres| postgres.options(session.clone()))
            .map_sqlx_postgres_before_acquire(|connection, metadata| Box::pin(usable(connection, metadata)));
    }
    Connector::connect(options).await.with_context(|| format!("opening the database {}", without_password(url)))
}

/// Whether a pooled session may be handed out: one that was idle for a while is asked whether it is still there, and
/// one that somebody left inside a transaction never is.
async fn usable(
    connection: &mut sea_orm::sqlx::PgConnection,
    metadata: PoolConnectionMetadata,
) -> Result<bool, sea_orm::sqlx::Error> {
    use sea_orm::sqlx::{Connection as _, Row as _};
    if connection.is_in_transaction() {
        return Ok(false);
    }
    if metadata.idle_for < Duration::from_secs(1) {
        return Ok(true);
    }
    // Both times are equal unless a transaction was begun by an earlier statement.
    let row = sea_orm::sqlx::raw_sql("SELECT transaction_timestamp() = statement_timestamp() AS fresh")
        .fetch_one(connection)
        .await?;
    row.try_get("fresh")
}

fn without_password(url: &str) -> &str {
    url.rsplit_once('@').map_or(url, |(_, place)| place)
}

async fn check_sqlite(connection: &DatabaseConnection) -> anyhow::Result<()> {
    let version = text(connection, "SELECT sqlite_version() AS value").await?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    ensure!(found >= SQLITE_VERSION_MIN, "SQLite {version} is too old: its write-ahead log can corrupt the database");
    let journal = text(connection, "SELECT journal_mode AS value FROM pragma_journal_mode").await?;
    ensure!(journal == "wal", "SQLite's journal is '{journal}', not 'wal'");
    let synchronous = connection
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, "SELECT synchronous AS value FROM pragma_synchronous"))
        .await?
        .context("SQLite tells nothing of 'synchronous'")?
        .try_get::<i32>("", "value")?;
    ensure!(synchronous == 2, "SQLite's 'synchronous' is {synchronous}, not 2 (FULL)");
    Ok(())
}

/// An answer that came after a commit must stand after a crash of the server.
async fn check_postgres(connection: &DatabaseConnection) -> anyhow::Result<()> {
    let version = text(connection, "SELECT current_setting('server_version_num') AS value").await?;
    ensure!(version.parse::<u32>().unwrap_or(0) >= 150_000, "PostgreSQL {version} is too old: 15 or newer is needed");
    for (setting, wrong) in [("synchronous_commit", "off"), ("fsync", "off"), ("full_page_writes", "off")] {
        let query = format!("SELECT current_setting('{setting}') AS value");
        let value = text(connection, &query).await?;
        ensure!(value != wrong, "PostgreSQL's '{setting}' is '{value}': what was answered could be lost");
    }
    Ok(())
}

async fn text(connection: &DatabaseConnection, query: &str) -> anyhow::Result<String> {
    let statement = Statement::from_string(connection.get_database_backend(), query);
    let row = connection.query_one_raw(statement).await?;
    Ok(row.context("the database gave no answer")?.try_get::<String>("", "value")?)
}
