//! The same work on the bare database: the portal's tables and statements without edge, calls, sign-in and rules.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use sea_orm::sqlx::{
    self, Connection as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::drive::{Client, Outcome};

/// As many connections as a service reads with.
const READERS: u32 = 8;

/// What a list's answer is made of: number, version, service, more, created, state, payment, manager, name, sum, visit,
/// and how many there are.
type Row = (i64, i64, String, i32, i64, String, String, String, String, i64, Option<i64>, i64);

/// The statement of a list, word for word as the portal sends it.
const NEWEST: &str = r#"SELECT "application"."number", "application"."version", "application"."service_name", "application"."services_more", "application"."created_at", "application"."state", "application"."payment_status", "application"."assigned_to", "application"."contact_name", "application"."total", "application"."visit_at", (SELECT COUNT(*) FROM "application" WHERE "application"."owner" = ?) AS "total_rows" FROM "application" WHERE "application"."owner" = ? ORDER BY "application"."number" DESC LIMIT ? OFFSET ?"#;

/// Options as the chassis gives them.
fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(256)
}

/// Connections that read a service's file beside the portal.
pub(super) async fn readers(file: &Path) -> anyhow::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new().max_connections(READERS).test_before_acquire(false).idle_timeout(None);
    Ok(pool.connect_with(options(file).pragma("query_only", "on")).await?)
}

/// A connection that may write, to a service's file while the portal is stopped or to a new one.
pub(super) async fn writer(file: &Path) -> anyhow::Result<SqliteConnection> {
    Ok(SqliteConnection::connect_with(&options(file).create_if_missing(true)).await?)
}

/// A new file with some tables of a service, their indexes too.
pub(super) async fn scratch(like: &Path, tables: &[&str], file: &Path) -> anyhow::Result<SqliteConnection> {
    let mut from = writer(like).await?;
    let mut to = writer(file).await?;
    for table in tables {
        let statements: Vec<(String,)> = sqlx::query_as(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'index'",
        )
        .bind(*table)
        .fetch_all(&mut from)
        .await?;
        for (statement,) in statements {
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut to).await?;
        }
    }
    from.close().await?;
    Ok(to)
}

/// Reads the ten newest of one owner after another.
pub(super) struct Lister {
    pub pool: SqlitePool,
    pub owners: Arc<[String]>,
    pub next: usize,
}

impl Client for Lister {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        let owner = self.owners.get(self.next % self.owners.len()).context("no owners")?;
        self.next += 1;
        let asked = sqlx::query_as(NEWEST).bind(owner).bind(owner).bind(10_i64).bind(0_i64);
        let rows: Vec<Row> = asked.fetch_all(&self.pool).await?;
        anyhow::ensure!(rows.len() == 10, "{owner} has {} applications", rows.len());
        Ok(Outcome::Done)
    }
}

/// How SQLite means to answer the list.
pub(super) async fn plan(pool: &SqlitePool) -> anyhow::Result<Vec<String>> {
    let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {NEWEST}"));
    let asked = sqlx::query_as::<_, (i64, i64, i64, String)>(explained).bind("acc_").bind("acc_").bind(10_i64);
    Ok(asked.bind(0_i64).fetch_all(pool).await?.into_iter().map(|(_, _, _, step)| step).collect())
}

/// Books one hot slot, a transaction for each booking, on the one connection that SQLite lets write.
pub(super) struct Booker {
    pub connection: SqliteConnection,
    pub next: i64,
}

impl Booker {
    pub(super) async fn new(mut connection: SqliteConnection) -> anyhow::Result<Self> {
        sqlx::query("INSERT INTO slot (id, start_at, capacity, taken) VALUES ('hot', 0, 1000000000, 0)")
            .execute(&mut connection)
            .await?;
        Ok(Self { connection, next: 0 })
    }
}

impl Client for Booker {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        self.next += 1;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        sqlx::query("UPDATE slot SET taken = taken + 1 WHERE id = 'hot' AND taken < capacity")
            .execute(&mut self.connection)
            .await?;
        sqlx::query(
            "INSERT INTO appointment (id, application_number, account_id, person_item_id, kind, slot_id, start_at, \
             state, active, version) VALUES (?1, ?2, 'acc_01900000000070008000000000000001', ?1, 'hand_over', 'hot', \
             0, 'booked', TRUE, 1)",
        )
        .bind(format!("apt_{:032x}", self.next))
        .bind(self.next)
        .execute(&mut self.connection)
        .await?;
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        Ok(Outcome::Done)
    }
}

/// Inserts an application and its fact, a transaction for each.
pub(super) struct Submitter {
    pub connection: SqliteConnection,
    pub next: i64,
}

impl Client for Submitter {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        self.next += 1;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        sqlx::query(
            "INSERT INTO application VALUES (?1, 1, 'acc_01900000000070008000000000000001', 'expat_centre', 'NEW', \
             '', 0, ?1, ?1, 'NOT_MEMBER', '', '', FALSE, FALSE, 500000, 1000000, 'Lind Nora', 'lind nora', ?2, ?3, 0, \
             ?3, 1, ?1, ?2, '', '', '', '', NULL)",
        )
        .bind(self.next)
        .bind([7_u8; 180].as_slice())
        .bind(super::scenarios::list::SERVICE_NAME)
        .execute(&mut self.connection)
        .await?;
        sqlx::query(
            "INSERT INTO outbox (event_id, shard, fact, aggregate_type, aggregate_id, aggregate_version, ordinal, \
             subject, envelope, occurred_at) VALUES (?1, 3, 'portal.applications.v1.ApplicationSubmitted', \
             'application', ?2, 1, 0, 'portal.applications.v1.application.submitted', ?3, ?4)",
        )
        .bind(format!("{:036x}", self.next))
        .bind(self.next.to_string())
        .bind([7_u8; 260].as_slice())
        .bind(self.next)
        .execute(&mut self.connection)
        .await?;
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        Ok(Outcome::Done)
    }
}
