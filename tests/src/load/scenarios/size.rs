//! S9: a list, and what staff search by, among few and among many applications: the effort must not grow with them.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use chassis::{clock::Sources, seal::KeyRing};
use http::{HeaderValue, Method, StatusCode};
use kernel::Role;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::super::{
    Form, Options,
    bare::Bare,
    drive::{self, Client, Outcome, Pace},
    http::Connection,
    people::{self, Person},
    report::{self, Report, Side, median},
    seed,
    world::World,
};
use crate::{api::Api, journey, world::PASSWORD};

const NAME: &str = "size";
/// People who ask for their own lists.
const ASKING: usize = 40;
/// Cases that the searches find; the others are only there.
const FOUND: usize = 20;
const CLIENTS: usize = 16;

/// What is asked for, and how many cases must be found by it.
const SEARCHES: [(&str, &str, u64); 4] = [
    ("number", "", 1),
    ("BIN", seed::BIN, 20),
    ("passport", "N0000000", FOUND as u64),
    // The second word is one that many others have too.
    ("name", "linda alex", FOUND as u64),
];
const LIST: &str = "my list";

struct Reader {
    connection: Connection,
    path: Arc<str>,
    bearers: Arc<[HeaderValue]>,
    next: usize,
}

impl Client for Reader {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        let bearer = self.bearers.get(self.next % self.bearers.len()).context("nobody asks")?;
        self.next += 1;
        let (status, body) = self.connection.send(Method::GET, &self.path, bearer, &[], Bytes::new()).await?;
        ensure!(status == StatusCode::OK, "{status}: {}", String::from_utf8_lossy(&body));
        Ok(Outcome::Done)
    }
}

/// One portal with so many applications.
struct Place {
    rows: u32,
    world: World,
    people: Vec<Person>,
    number: i64,
}

impl Place {
    async fn new(form: Form, rows: u32) -> anyhow::Result<Self> {
        let mut world = World::new(form, true)?;
        world.start().await?;
        let mut people = people::sign_up(&world.base(), ASKING).await?;
        let owner = people.first().context("nobody applies")?.api.clone();
        let mut number = 0;
        for _ in 0..FOUND {
            let draft = journey::complete_draft(&owner, &[("FNGRPR", 1)]).await;
            number = journey::number(&journey::submit(&owner, &draft).await);
        }
        world.settled().await?;
        world.pause().await?;
        let owners: Vec<String> = people.iter().map(|person| person.account.clone()).collect();
        seed::applications(&world, rows, &owners).await?;
        seed::searched(&world, rows).await?;
        world.resume().await?;
        people::renew(&world.base(), &mut people).await?;
        Ok(Self { rows, world, people, number })
    }

    /// Addresses of what is asked for, and who may ask.
    async fn questions(&mut self) -> anyhow::Result<Vec<(&'static str, Arc<str>, Arc<[HeaderValue]>)>> {
        people::renew(&self.world.base(), &mut self.people).await?;
        let supervisor = Api::new(&self.world.base()).sign_in("supervisor@demo.example", PASSWORD).await;
        let token = supervisor.token.as_deref().context("the supervisor has no token")?;
        let staff: Arc<[HeaderValue]> = Arc::new([HeaderValue::from_str(&format!("Bearer {token}"))?]);
        let own = self.people.iter().map(|person| person.bearer.clone()).collect();
        let mut questions = vec![(LIST, Arc::from("/api/v1/applications"), own)];
        for (what, text, found) in SEARCHES {
            let text = if text.is_empty() { self.number.to_string() } else { text.replace(' ', "+") };
            let path = format!("/work?list=all&search={text}");
            let answer = supervisor.get(&path).await.ok();
            let total = answer["page"]["total"].as_u64().unwrap_or_default();
            ensure!(total == found, "a search by {what} finds {total} of {found} cases: {answer}");
            questions.push((what, Arc::from(format!("/api/v1{path}")), Arc::clone(&staff)));
        }
        Ok(questions)
    }

    /// How the database means to answer each; one that reads a table from end to end fails the run.
    async fn prove(&self) -> anyhow::Result<()> {
        let database = self.world.look("applications").await?;
        let backend = database.get_database_backend();
        let sources = Sources::system();
        let keys = KeyRing::open(&self.world.scratch().join("keys-of-a-plan"), false, &sources)?;
        let sealer = keys.sealer("applications", &sources)?;
        let actor = chassis::testing::people::person(chassis::demo::MANAGERS[0], &[Role::Supervisor]);
        let owners: Arc<[String]> = self.people.iter().map(|person| person.account.clone()).collect();
        let mut plans = vec![(LIST, Bare::lists(&self.world, &owners).await?.plan().await?)];
        for (what, text, _) in SEARCHES {
            let text = if text.is_empty() { self.number.to_string() } else { text.to_owned() };
            let asked =
                applications::search_statement(backend, &text, &sealer, &actor).context("nothing is searched")?;
            plans.push((what, plan(&database, backend, asked).await?));
        }
        for (what, steps) in plans {
            let whole = steps.iter().find(|step| reads_all(step));
            ensure!(whole.is_none(), "{} rows, {what}: {whole:?} in {steps:#?}", self.rows);
        }
        report::say(&format!("{} rows: each answer comes from an index (gate)", self.rows));
        Ok(())
    }
}

async fn plan(
    database: &sea_orm::DatabaseConnection,
    backend: DbBackend,
    mut asked: Statement,
) -> anyhow::Result<Vec<String>> {
    let (explain, column) = if backend == DbBackend::Sqlite {
        ("EXPLAIN QUERY PLAN", "detail")
    } else {
        ("EXPLAIN (COSTS OFF)", "QUERY PLAN")
    };
    asked.sql = format!("{explain} {}", asked.sql);
    let rows = database.query_all_raw(asked).await?;
    Ok(rows.iter().map(|row| row.try_get("", column)).collect::<Result<_, _>>()?)
}

/// A step of a plan that goes through a whole table of ours.
fn reads_all(step: &str) -> bool {
    let step = step.trim_start_matches([' ', '-', '>']);
    ["application", "person", "name_word"].iter().any(|table| {
        let of = |way: &str| step.strip_prefix(way).is_some_and(|rest| rest.split([' ', '"']).next() == Some(*table));
        of("SCAN ") || of("Seq Scan on ") || of("Parallel Seq Scan on ")
    })
}

pub(in super::super) async fn run(options: &Options, form: Form, report: &mut Report) -> anyhow::Result<()> {
    report::head(&format!("== S9 size, {form}: a list and staff's searches among {:?} applications", options.sizes));
    let mut places = Vec::new();
    for &rows in &options.sizes {
        let begun = std::time::Instant::now();
        let place = Place::new(form, rows).await?;
        report::say(&format!("({rows} rows written in {:.0} s)", begun.elapsed().as_secs_f64()));
        place.prove().await?;
        places.push(place);
    }
    let mut costs: BTreeMap<(usize, u32), Vec<f64>> = BTreeMap::new();
    for _ in 0..options.rounds {
        for place in &mut places {
            let parts = place.world.parts();
            for (nth, (what, path, bearers)) in place.questions().await?.into_iter().enumerate() {
                let base = place.world.base();
                let reader = |client: usize| {
                    let (path, bearers) = (Arc::clone(&path), Arc::clone(&bearers));
                    Ok(Reader { connection: Connection::new(&base)?, path, bearers, next: client * 17 })
                };
                let readers = (0..CLIENTS).map(reader).collect::<anyhow::Result<_>>()?;
                let readers = drive::warm_up(readers).await?;
                let (figures, _) = drive::run(readers, Pace::Closed, options.time(), &parts).await?;
                costs.entry((nth, place.rows)).or_default().push(figures.each(figures.spent.work()));
                report.measured(NAME, Side::Among(what, place.rows), figures);
            }
        }
    }
    let cost = |nth: usize, rows: u32| median(costs.get(&(nth, rows)).into_iter().flatten().copied());
    let (least, most) = (options.sizes.iter().min(), options.sizes.iter().max());
    if let (Some(&least), Some(&most)) = (least, most) {
        let names = std::iter::once(LIST).chain(SEARCHES.map(|(what, _, _)| what));
        for (nth, what) in names.enumerate() {
            let (few, many) = (cost(nth, least), cost(nth, most));
            report::say(&format!(
                "{what}: CPU at {most} rows / at {least}: {:.2} ({many:.0} / {few:.0} µs)",
                many / few
            ));
        }
    }
    for place in &mut places {
        place.world.stop().await?;
    }
    Ok(())
}
