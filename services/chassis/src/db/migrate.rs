//! The schema's state: bringing it up to date, and telling what it lacks without any right to change it.

use std::{collections::HashSet, time::Duration};

use anyhow::{Context as _, ensure};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, EntityTrait as _, Statement};
use sea_orm_migration::{MigrationTrait, MigratorTrait, SchemaManager, seaql_migrations};

use super::open::{DatabaseConfig, connect};

/// A service's own migrations; the chassis' come before them.
pub type Migrations = fn() -> Vec<Box<dyn MigrationTrait>>;

struct Migrator;

tokio::task_local! {
    static LIST: Migrations;
}

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        LIST.with(|list| all(*list))
    }
}

fn all(list: Migrations) -> Vec<Box<dyn MigrationTrait>> {
    let mut all = crate::migrations::all();
    all.extend(list());
    all
}

/// Applies what is missing.
pub(super) async fn up(connection: &DatabaseConnection, migrations: Migrations) -> anyhow::Result<()> {
    LIST.scope(migrations, Migrator::up(connection, None)).await.context("migrating")
}

/// Names of migrations that this program needs and the schema lacks. What a newer release has added is no fault.
pub(super) async fn missing(connection: &DatabaseConnection, migrations: Migrations) -> anyhow::Result<Vec<String>> {
    let needed = all(migrations).into_iter().map(|migration| migration.name().to_owned());
    if !SchemaManager::new(connection).has_table("seaql_migrations").await? {
        return Ok(needed.collect());
    }
    let applied: HashSet<String> =
        seaql_migrations::Entity::find().all(connection).await?.into_iter().map(|row| row.version).collect();
    Ok(needed.filter(|name| !applied.contains(name)).collect())
}

/// One migration of a database at a time, whoever starts it.
const ADVISORY_LOCK: i64 = 0x0070_6f72_7461_6c00;

/// Brings a service's database up to date as the schema's owner, and grants its running role what it needs: rows,
/// never the schema. A server that is away is waited for.
pub async fn migrate(url: &str, running_role: Option<&str>, migrations: Migrations) -> anyhow::Result<()> {
    let config = DatabaseConfig {
        url: String::new(),
        password_file: String::new(),
        migration_url: String::new(),
        connections_max: 1,
        statement_timeout_ms: 0,
        lock_timeout_ms: 0,
    };
    let connection = loop {
        match connect(url, 1, &config, false).await {
            Ok(connection) => break connection,
            Err(error) => {
                tracing::warn!(reason = format!("{error:#}"), "the database is waited for");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    };
    if connection.get_database_backend() == DbBackend::Sqlite {
        up(&connection, migrations).await?;
        return Ok(connection.close().await?);
    }
    let run =
        async |statement: String| connection.execute_raw(Statement::from_string(DbBackend::Postgres, statement)).await;
    run(format!("SELECT pg_advisory_lock({ADVISORY_LOCK})")).await.context("waiting for another migration")?;
    // A change that would have to wait for running units of work gives up rather than let others wait behind it.
    run("SET lock_timeout = '2s'".to_owned()).await?;
    let done = async {
        up(&connection, migrations).await?;
        if let Some(role) = running_role {
            ensure!(
                !role.is_empty() && role.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
                "the role '{role}' has a name that is not understood"
            );
            for grant in [
                format!("GRANT USAGE ON SCHEMA public TO {role}"),
                format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
                format!("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"),
                // The log is written, never changed; the schema's state is read.
                format!("REVOKE UPDATE, DELETE ON audit FROM {role}"),
                format!("REVOKE INSERT, UPDATE, DELETE ON seaql_migrations FROM {role}"),
            ] {
                run(grant).await.with_context(|| format!("granting {role} its rights"))?;
            }
        }
        anyhow::Ok(())
    }
    .await;
    run(format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})")).await?;
    connection.close().await?;
    done
}
