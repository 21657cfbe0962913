//! SQLite: the work is done in this process, with the options that the portal opens its files with.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use sea_orm::sqlx::{
    self, Connection as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    super::{
        drive::{self, Client, Figures, Outcome, Pace},
        usage::Part,
    },
    COLUMNS, NEWEST, SERVICE_NAME,
};

/// As many connections as a service reads with.
const READERS: u32 = 8;

/// What a list's answer is made of: number, version, service, more, created, state, payment, manager, name, sum, visit,
/// how many there are, and messages unread.
type Row = (i64, i64, String, i32, i64, String, String, String, String, i64, Option<i64>, i64, Option<i32>);

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
async fn readers(file: &Path) -> anyhow::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new().max_connections(READERS).test_before_acquire(false).idle_timeout(None);
    Ok(pool.connect_with(options(file).pragma("query_only", "on")).await?)
}

/// A connection that may write, to a service's file while the portal is stopped or to a new one.
pub(in super::super) async fn writer(file: &Path) -> anyhow::Result<SqliteConnection> {
    Ok(SqliteConnection::connect_with(&options(file).create_if_missing(true)).await?)
}

/// A new file with some tables of a service, their indexes too.
async fn scratch(like: &Path, tables: &[&str], file: &Path) -> anyhow::Result<SqliteConnection> {
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

/// One kind of work.
pub(in super::super) enum Bench {
    Lists(SqlitePool, Arc<[String]>),
    /// SQLite lets one connection write at a time.
    Bookings(Vec<Booker>),
    Submissions(Vec<Submitter>),
}

impl Bench {
    pub(super) async fn lists(file: &Path, owners: &Arc<[String]>) -> anyhow::Result<Self> {
        Ok(Self::Lists(readers(file).await?, Arc::clone(owners)))
    }

    pub(super) async fn bookings(like: &Path, folder: &Path, slots: usize) -> anyhow::Result<Self> {
        let file = folder.join(format!("bare-booking-{slots}.db"));
        let connection = scratch(like, &["slot", "appointment"], &file).await?;
        Ok(Self::Bookings(vec![Booker::new(connection, i64::try_from(slots)?).await?]))
    }

    pub(super) async fn submissions(like: &Path, folder: &Path) -> anyhow::Result<Self> {
        let connection = scratch(like, &["application", "outbox"], &folder.join("bare-applications.db")).await?;
        Ok(Self::Submissions(vec![Submitter { connection, next: 0 }]))
    }

    pub(super) fn clients(&self, clients: usize) -> usize {
        if matches!(self, Self::Lists(..)) { clients } else { 1 }
    }

    pub(super) async fn measure(&mut self, clients: usize, time: Duration) -> anyhow::Result<Figures> {
        match self {
            Self::Lists(pool, owners) => {
                let lister = |client| Lister { pool: pool.clone(), owners: Arc::clone(owners), next: client * 17 };
                let mut listers = (0..clients).map(lister).collect();
                run(&mut listers, time).await
            }
            Self::Bookings(bookers) => run(bookers, time).await,
            Self::Submissions(submitters) => run(submitters, time).await,
        }
    }

    pub(super) async fn plan(&self) -> anyhow::Result<Vec<String>> {
        let Self::Lists(pool, _) = self else { bail!("only a list has a plan") };
        let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {NEWEST}"));
        let asked = sqlx::query_as::<_, (i64, i64, i64, String)>(explained).bind("acc_").bind("acc_").bind(10_i64);
        Ok(asked.bind(0_i64).fetch_all(pool).await?.into_iter().map(|(_, _, _, step)| step).collect())
    }
}

async fn run<C: Client>(clients: &mut Vec<C>, time: Duration) -> anyhow::Result<Figures> {
    let warm = drive::warm_up(std::mem::take(clients)).await?;
    let (figures, back) = drive::run(warm, Pace::Closed, time, &[Part::here("SQLite")]).await?;
    *clients = back;
    Ok(figures)
}

/// Reads the ten newest of one owner after another.
pub(in super::super) struct Lister {
    pool: SqlitePool,
    owners: Arc<[String]>,
    next: usize,
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

/// Books one slot after another, a transaction for each booking, on the one connection that SQLite lets write.
pub(in super::super) struct Booker {
    connection: SqliteConnection,
    next: i64,
    slots: i64,
}

impl Booker {
    async fn new(mut connection: SqliteConnection, slots: i64) -> anyhow::Result<Self> {
        for slot in 0..slots {
            sqlx::query("INSERT INTO slot (id, start_at, capacity, taken) VALUES (?1, ?2, 1000000000, 0)")
                .bind(format!("slot/{slot}"))
                .bind(slot)
                .execute(&mut connection)
                .await?;
        }
        Ok(Self { connection, next: 0, slots })
    }
}

impl Client for Booker {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        self.next += 1;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        // As a buyer's choice among them would be: not in the order of their ids.
        let slot = format!("slot/{}", self.next * 7919 % self.slots);
        sqlx::query("UPDATE slot SET taken = taken + 1 WHERE id = ?1 AND taken < capacity")
            .bind(&slot)
            .execute(&mut self.connection)
            .await?;
        sqlx::query(
            "INSERT INTO appointment (id, application_number, account_id, person_item_id, kind, slot_id, start_at, \
             state, active, version) VALUES (?1, ?2, 'acc_01900000000070008000000000000001', ?1, 'hand_over', ?3, \
             0, 'booked', TRUE, 1)",
        )
        .bind(format!("apt_{:032x}", self.next))
        .bind(self.next)
        .bind(&slot)
        .execute(&mut self.connection)
        .await?;
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        Ok(Outcome::Done)
    }
}

/// Inserts an application and its fact, a transaction for each.
pub(in super::super) struct Submitter {
    connection: SqliteConnection,
    next: i64,
}

impl Client for Submitter {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        self.next += 1;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "INSERT INTO application ({COLUMNS}) VALUES (?1, 1, 'acc_01900000000070008000000000000001', 'expat_centre', 'NEW', \
             '', 0, ?1, ?1, 'NOT_MEMBER', '', '', FALSE, FALSE, 500000, 1000000, 'Lind Nora', 'lind nora', ?2, ?3, 0, \
             ?3, 1, ?1, ?2, '', '', '', '', NULL)",
        )))
        .bind(self.next)
        .bind([7_u8; 180].as_slice())
        .bind(SERVICE_NAME)
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
