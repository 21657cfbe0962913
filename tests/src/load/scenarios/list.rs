//! S1: the ten newest of one's own applications, among many of other people.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode};
use sea_orm::sqlx::{self, Connection as _};

use super::super::{
    Options, bare,
    drive::{self, Client, Outcome, Pace},
    http::Connection,
    people::{self, Person},
    report::{self, Report, Side},
    world::World,
};

const NAME: &str = "list";
/// Applications of each person.
const EACH: u32 = 20;
/// People who ask; the others only own rows.
const ASKING: usize = 200;

/// A service's name as a row holds it.
pub(in super::super) const SERVICE_NAME: &str = r#"{"en":"Business visa B1, B2, B3 – Single entry","ru":"деловая виза B1, B2, B3 – однократная","kk":"іскерлік виза B1, B2, B3 – бір реттік"}"#;

struct Reader {
    connection: Connection,
    bearers: Arc<[HeaderValue]>,
    next: usize,
}

impl Client for Reader {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        let bearer = self.bearers.get(self.next % self.bearers.len()).context("nobody asks")?;
        self.next += 1;
        let (status, body) =
            self.connection.send(Method::GET, "/api/v1/applications", bearer, &[], Bytes::new()).await?;
        ensure!(status == StatusCode::OK, "{status}: {}", String::from_utf8_lossy(&body));
        Ok(Outcome::Done)
    }
}

pub(in super::super) async fn run(options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let mut world = World::new(options.form, false)?;
    world.start().await?;
    let mut people = people::sign_up(&world.base(), ASKING).await?;
    world.settled().await?;
    world.stop().await?;
    let owners: Arc<[String]> = people.iter().map(|person| person.account.clone()).collect();
    let seeding = std::time::Instant::now();
    seed(&world, options.rows, &owners).await?;
    let seeded = seeding.elapsed();
    world.start().await?;
    people::renew(&mut people).await?;
    prove(&people).await?;

    let pool = bare::readers(&world.file("applications")).await?;
    report::head(&format!("== S1 list: GET /api/v1/applications, {} applications", options.rows));
    report::say(&format!("(rows written in {:.0} s)", seeded.as_secs_f64()));
    for step in bare::plan(&pool).await? {
        report::say(&format!("({step})"));
    }
    let pids = world.pids();
    for &clients in &options.clients {
        for _ in 0..options.rounds {
            let readers = drive::warm_up(readers(&world, &mut people, clients).await?).await?;
            let (figures, _) = drive::run(readers, Pace::Closed, options.time(), &pids).await?;
            report.measured(NAME, Side::Portal, figures);
            let listers = (0..clients)
                .map(|client| bare::Lister { pool: pool.clone(), owners: Arc::clone(&owners), next: client * 17 })
                .collect();
            let listers = drive::warm_up(listers).await?;
            let (figures, _) = drive::run(listers, Pace::Closed, options.time(), &[]).await?;
            report.measured(NAME, Side::Bare, figures);
        }
        report.compare(NAME, clients, clients);
    }
    let clients = options.clients.iter().copied().max().unwrap_or(1);
    for share in [0.25, 0.5] {
        let pace = Pace::Open(report.best(NAME, Side::Portal) * share);
        let readers = drive::warm_up(readers(&world, &mut people, clients).await?).await?;
        let (figures, _) = drive::run(readers, pace, options.time(), &pids).await?;
        report.measured(NAME, Side::Portal, figures);
    }
    world.stop().await
}

async fn readers(world: &World, people: &mut [Person], clients: usize) -> anyhow::Result<Vec<Reader>> {
    people::renew(people).await?;
    let bearers: Arc<[HeaderValue]> = people.iter().map(|person| person.bearer.clone()).collect();
    (0..clients)
        .map(|client| {
            let connection = Connection::new(&world.base())?;
            Ok(Reader { connection, bearers: Arc::clone(&bearers), next: client * 17 })
        })
        .collect()
}

/// The answer is what it should be before its time is taken.
async fn prove(people: &[Person]) -> anyhow::Result<()> {
    let person = people.first().context("nobody asks")?;
    let answer = person.api.get("/applications").await.ok();
    let shown = answer["applications"].as_array().map_or(0, Vec::len);
    ensure!(shown == 10 && answer["page"]["total"] == EACH, "the list is not as it was written: {answer}");
    Ok(())
}

/// Writes applications straight into the stopped portal's file: each person's lie far apart. Only here is the journal
/// relaxed; a run that breaks off leaves nothing behind but a temporary folder.
async fn seed(world: &World, rows: u32, owners: &[String]) -> anyhow::Result<()> {
    let people = (rows / EACH).max(u32::try_from(owners.len())?);
    let mut file = bare::writer(&world.file("applications")).await?;
    sqlx::raw_sql("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
        .execute(&mut file)
        .await?;
    sqlx::raw_sql("BEGIN IMMEDIATE; CREATE TEMP TABLE owner (n INTEGER PRIMARY KEY, id TEXT NOT NULL)")
        .execute(&mut file)
        .await?;
    for (n, owner) in owners.iter().enumerate() {
        sqlx::query("INSERT INTO owner VALUES (?, ?)").bind(i64::try_from(n)?).bind(owner).execute(&mut file).await?;
    }
    sqlx::query(
        "WITH RECURSIVE other (n) AS (VALUES (?1) UNION ALL SELECT n + 1 FROM other WHERE n + 1 < ?2) \
         INSERT OR IGNORE INTO owner SELECT n, 'acc_' || lower(hex(randomblob(16))) FROM other",
    )
    .bind(i64::try_from(owners.len())?)
    .bind(people)
    .execute(&mut file)
    .await?;
    // 7919 is prime to every round number of people, so that one block of rows holds each person once.
    sqlx::query(
        "WITH RECURSIVE row (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM row WHERE i + 1 < ?1) \
         INSERT INTO application SELECT 1001 + i, 3, owner.id, 'expat_centre', \
         CASE i % 8 WHEN 0 THEN 'DRAFT' WHEN 1 THEN 'NEW' WHEN 2 THEN 'IN_REVIEW' WHEN 3 THEN 'AWAITING_PAYMENT' \
         WHEN 4 THEN 'AWAITING_DOCUMENTS' ELSE 'COMPLETED' END, \
         CASE WHEN i % 8 > 3 THEN 'paid' WHEN i % 8 = 3 THEN 'not_paid' ELSE '' END, 1, \
         1700000000000000 + i * 1000000, 1700000000000000 + i * 1000000, 'NOT_MEMBER', '', '', FALSE, FALSE, 500000, \
         1000000, 'Lind Nora ' || i, 'lind nora ' || i, randomblob(180), ?2, 0, ?3, 1, 1700000000000000, \
         randomblob(40), '', '', '', '', NULL FROM row JOIN owner ON owner.n = (i * 7919) % ?4",
    )
    .bind(rows)
    .bind(SERVICE_NAME)
    .bind(SERVICE_NAME.to_lowercase())
    .bind(people)
    .execute(&mut file)
    .await?;
    sqlx::raw_sql("COMMIT").execute(&mut file).await?;
    sqlx::raw_sql("ANALYZE; PRAGMA journal_mode = WAL").execute(&mut file).await?;
    file.close().await?;
    Ok(())
}
