//! Where a test keeps its rows: a SQLite file, or a database of its own on the PostgreSQL server that
//! `PORTAL_TEST_POSTGRES` names (a superuser's address). The same tests run on both.

use std::path::Path;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{self, ChassisConfig, Settings},
    db::{self, Database, Migrations},
};

/// The server that this run of the tests uses, if it uses one.
#[expect(clippy::disallowed_methods, reason = "the test command speaks by environment")]
fn server() -> Option<String> {
    std::env::var("PORTAL_TEST_POSTGRES").ok()
}

/// A database for a test, its schema up to date. The same folder and name mean the same database.
pub async fn database(folder: &Path, name: &str, migrations: Migrations) -> Database {
    let Some(server) = server() else { return sqlite(folder, name, migrations).await };
    // The folder's own name is the test's: random, and good for an identifier in quotes.
    let unique = folder.file_name().unwrap().to_string_lossy().replace(['.', '-'], "_").to_lowercase();
    let url = in_database(&server, &format!("{name}_{unique}"));
    create(&server, &format!("{name}_{unique}")).await;
    db::migrate(&url, None, migrations).await.unwrap();
    open(&url, migrations).await
}

/// A SQLite file, whatever this run uses else.
pub async fn sqlite(folder: &Path, name: &str, migrations: Migrations) -> Database {
    open(&format!("sqlite://{}?mode=rwc", folder.join(format!("{name}.db")).display()), migrations).await
}

async fn open(url: &str, migrations: Migrations) -> Database {
    let mut settings = Settings::load(&[("chassis", config::DEFAULTS)], None, true);
    let config = settings.section::<ChassisConfig>("chassis").unwrap().database;
    db::open(url, &config, migrations, &CancellationToken::new()).await.unwrap()
}

async fn create(server: &str, name: &str) {
    let mut options = sea_orm::ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false);
    let admin = sea_orm::Database::connect(options).await.unwrap();
    let known = format!("SELECT 1 AS one FROM pg_database WHERE datname = '{name}'");
    let known = admin.query_one_raw(Statement::from_string(DbBackend::Postgres, known)).await.unwrap();
    if known.is_none() {
        let made = Statement::from_string(DbBackend::Postgres, format!("CREATE DATABASE \"{name}\""));
        admin.execute_raw(made).await.unwrap();
    }
    admin.close().await.unwrap();
}

/// The same server's address with another database.
fn in_database(server: &str, name: &str) -> String {
    let (place, _) = server.rsplit_once('/').unwrap();
    format!("{place}/{name}")
}
