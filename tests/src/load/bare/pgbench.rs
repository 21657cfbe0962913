//! PostgreSQL: the work is done by `pgbench`, with prepared statements, and told from its log of transactions.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use hdrhistogram::Histogram;
use sea_orm::sqlx::{self, Connection as _, PgConnection};
use tokio::process::Command;
use url::Url;

use super::{
    super::{
        drive::{self, Figures, Pace},
        usage::{Part, Usage},
        world::World,
    },
    COLUMNS, NEWEST, SERVICE_NAME,
};

/// As many as the reference figures were taken with.
pub(super) const CLIENTS: usize = 16;
/// So many owners take turns; a script each, since pgbench takes at most 128.
const OWNERS: usize = 100;
/// What a transaction of the bare tables begins with: a number that was not there before.
const FRESH: &str = "\\set n random(1, 9000000000000000)\n";

/// One kind of work.
pub(in super::super) struct Bench {
    program: PathBuf,
    url: Url,
    scripts: Vec<PathBuf>,
    /// Values that scripts name.
    variables: Vec<String>,
    /// Where the log is written, and the start of its files' names.
    folder: PathBuf,
    log: String,
    server: Part,
}

/// A connection as the superuser.
pub(in super::super) async fn connect(url: &str) -> anyhow::Result<PgConnection> {
    Ok(PgConnection::connect(url).await?)
}

impl Bench {
    pub(super) fn lists(world: &World, url: &str, owners: &Arc<[String]>) -> anyhow::Result<Self> {
        let mut bench = Self::new(world, url, "list")?;
        for (nth, owner) in owners.iter().take(OWNERS).enumerate() {
            let name = format!("owner{nth}");
            bench.script(&format!("{};\n", newest(&format!(":{name}"), ":size", ":skip")))?;
            bench.variables.push(format!("{name}={owner}"));
        }
        bench.variables.extend(["size=10".to_owned(), "skip=0".to_owned()]);
        Ok(bench)
    }

    pub(super) async fn bookings(world: &World, url: &str, slots: usize) -> anyhow::Result<Self> {
        let mut bench = Self::new(world, url, &format!("book-{slots}"))?;
        tables(url, &["slot", "appointment"]).await?;
        let mut connection = connect(url).await?;
        sqlx::query(
            "INSERT INTO bare.slot (id, start_at, capacity, taken) \
             SELECT 'slot/' || n, n, 1000000000, 0 FROM generate_series(0, $1 - 1) AS n",
        )
        .bind(i64::try_from(slots)?)
        .execute(&mut connection)
        .await?;
        bench.script(&format!(
            "{FRESH}\\set s random(0, {})\nBEGIN;\n\
             UPDATE bare.slot SET taken = taken + 1 WHERE id = 'slot/' || :s AND taken < capacity;\n\
             INSERT INTO bare.appointment (id, application_number, account_id, person_item_id, kind, slot_id, \
             start_at, state, active, version) VALUES ('apt_' || lpad(to_hex(:n::bigint), 32, '0'), :n::bigint, \
             'acc_01900000000070008000000000000001', 'itm_' || lpad(to_hex(:n::bigint), 32, '0'), 'hand_over', \
             'slot/' || :s, 0, 'booked', TRUE, 1);\n\
             COMMIT;\n",
            slots - 1,
        ))?;
        Ok(bench)
    }

    pub(super) async fn submissions(world: &World, url: &str) -> anyhow::Result<Self> {
        let mut bench = Self::new(world, url, "submit")?;
        tables(url, &["application", "outbox"]).await?;
        let service_key = SERVICE_NAME.to_lowercase();
        bench.script(&format!(
            "{FRESH}BEGIN;\n\
             INSERT INTO bare.application ({COLUMNS}) VALUES (:n::bigint, 1, 'acc_01900000000070008000000000000001', \
             'expat_centre', 'NEW', '', 0, :n::bigint, :n::bigint, 'NOT_MEMBER', '', '', FALSE, FALSE, 500000, \
             1000000, 'Lind Nora', 'lind nora', decode(repeat('07', 180), 'hex'), '{SERVICE_NAME}', 0, \
             '{service_key}', 1, :n::bigint, decode(repeat('07', 40), 'hex'), '', '', '', '', NULL);\n\
             INSERT INTO bare.outbox (event_id, shard, fact, aggregate_type, aggregate_id, aggregate_version, ordinal, \
             subject, envelope, occurred_at) VALUES (lpad(to_hex(:n::bigint), 36, '0'), 3, \
             'portal.applications.v1.ApplicationSubmitted', 'application', (:n::bigint)::text, 1, 0, \
             'portal.applications.v1.application.submitted', decode(repeat('07', 260), 'hex'), :n::bigint);\n\
             COMMIT;\n"
        ))?;
        Ok(bench)
    }

    fn new(world: &World, url: &str, log: &str) -> anyhow::Result<Self> {
        let folder = world.scratch().join(format!("pgbench-{log}"));
        std::fs::create_dir_all(&folder)?;
        let server = world.parts().into_iter().find(|part| part.role == "postgres").context("no PostgreSQL runs")?;
        Ok(Self {
            program: portal::dev::postgres_programs()?.join("pgbench"),
            url: Url::parse(url)?,
            scripts: Vec::new(),
            variables: Vec::new(),
            folder,
            log: log.to_owned(),
            server,
        })
    }

    fn script(&mut self, text: &str) -> anyhow::Result<()> {
        let file = self.folder.join(format!("{}.sql", self.scripts.len()));
        std::fs::write(&file, text)?;
        self.scripts.push(file);
        Ok(())
    }

    pub(super) async fn measure(&self, time: Duration) -> anyhow::Result<Figures> {
        let mut command = Command::new(&self.program);
        command
            .args(["--no-vacuum", "--protocol=prepared", "--log", "--jobs=2"])
            .arg(format!("--client={CLIENTS}"))
            .arg(format!("--time={}", time.as_secs().max(1)))
            .arg(format!("--log-prefix={}", self.folder.join(&self.log).display()))
            .args(["--host", self.url.host_str().unwrap_or_default()])
            .args(["--port", &self.url.port().unwrap_or_default().to_string()])
            .args(["--username", self.url.username()])
            .env("PGPASSWORD", self.url.password().unwrap_or_default())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        for variable in &self.variables {
            command.args(["--define", variable]);
        }
        for script in &self.scripts {
            command.arg("--file").arg(script);
        }
        command.arg(self.url.path().trim_start_matches('/'));
        let watched = [self.server.clone()];
        let before = Usage::now(&watched);
        let begun = Instant::now();
        let done = command.output().await.context("pgbench")?;
        let whole = begun.elapsed();
        let spent = Usage::now(&watched).since(&before);
        let told = String::from_utf8_lossy(&done.stderr);
        ensure!(
            done.status.success() && !told.contains("ERROR"),
            "pgbench ended with {}: {}",
            done.status,
            told.trim()
        );
        let times = self.times()?;
        let elapsed = time.max(Duration::from_secs(1)).min(whole);
        Ok(Figures { clients: CLIENTS, pace: Pace::Closed, done: times.len(), refused: 0, elapsed, times, spent })
    }

    /// How long each transaction took, from the log that has just been written.
    fn times(&self) -> anyhow::Result<Histogram<u64>> {
        let mut times = drive::histogram()?;
        for file in std::fs::read_dir(&self.folder)? {
            let file = file?.path();
            if !is_log(&file, &self.log) {
                continue;
            }
            // A line: client, transaction, microseconds, script, when.
            for line in std::fs::read_to_string(&file)?.lines() {
                let micros = line.split_whitespace().nth(2).and_then(|field| field.parse().ok());
                times.saturating_record(micros.with_context(|| format!("pgbench's log says {line:?}"))?);
            }
            std::fs::remove_file(&file)?;
        }
        ensure!(!times.is_empty(), "pgbench did nothing");
        Ok(times)
    }

    pub(super) async fn plan(&self) -> anyhow::Result<Vec<String>> {
        let Some(owner) = self.variables.first().and_then(|variable| variable.split_once('=')) else {
            bail!("only a list has a plan")
        };
        let explained = format!("EXPLAIN (COSTS OFF) {}", newest(&format!("'{}'", owner.1), "10", "0"));
        let mut connection = connect(self.url.as_str()).await?;
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(explained)).fetch_all(&mut connection).await?)
    }
}

/// The statement of a list with names in its places.
fn newest(owner: &str, size: &str, skip: &str) -> String {
    [owner, owner, size, skip].iter().fold(NEWEST.to_owned(), |text, place| text.replacen('?', place, 1))
}

fn is_log(file: &Path, prefix: &str) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
}

/// Tables like the portal's, their indexes too, beside its own: pgbench's rows are nobody's.
async fn tables(url: &str, names: &[&str]) -> anyhow::Result<()> {
    let mut connection = connect(url).await?;
    let table = |name: &&str| format!("CREATE TABLE bare.{name} (LIKE public.{name} INCLUDING ALL);");
    let statements = format!(
        "DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare; {}",
        names.iter().map(table).collect::<String>()
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&mut connection).await?;
    Ok(())
}
