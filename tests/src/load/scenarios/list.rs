//! S1: the ten newest of one's own applications, among many of other people; S2: the same as a page.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode};

use super::super::{
    Form, Options,
    bare::Bare,
    chain::Chain,
    drive::{self, Client, Outcome, Pace},
    http::Connection,
    people::{self, Person},
    report::{self, Report, Side},
    seed,
    world::World,
};

pub(in super::super) const NAME: &str = "list";
const PAGE: &str = "page";
/// People who ask for pages, each signed in in a browser of its own.
const BROWSING: usize = 20;
/// People who ask; the others only own rows.
const ASKING: usize = 200;

struct Reader {
    connection: Connection,
    bearers: Arc<[HeaderValue]>,
    next: usize,
}

/// Somebody who looks at "My applications".
struct Visitor {
    connection: Connection,
    cookies: Arc<[HeaderValue]>,
    next: usize,
}

impl Client for Visitor {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        let cookie = self.cookies.get(self.next % self.cookies.len()).context("nobody is signed in")?;
        self.next += 1;
        let (status, body) = self.connection.page("/applications", cookie).await?;
        ensure!(status == StatusCode::OK, "{status}: {}", String::from_utf8_lossy(&body));
        Ok(Outcome::Done)
    }
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

pub(in super::super) async fn run(options: &Options, form: Form, report: &mut Report) -> anyhow::Result<()> {
    let mut world = World::new(form, false)?;
    world.start().await?;
    let mut people = people::sign_up(&world.base(), ASKING).await?;
    world.settled().await?;
    world.pause().await?;
    let owners: Arc<[String]> = people.iter().map(|person| person.account.clone()).collect();
    let seeding = std::time::Instant::now();
    seed::applications(&world, options.rows, &owners).await?;
    let seeded = seeding.elapsed();
    world.resume().await?;
    people::renew(&world.base(), &mut people).await?;
    prove(&people).await?;

    let mut bare = Bare::lists(&world, &owners).await?;
    report::head(&format!(
        "== S1 and S2 list, {form}: GET /api/v1/applications, then the page, {} applications",
        options.rows
    ));
    report::say(&format!("(rows written in {:.0} s)", seeded.as_secs_f64()));
    for step in bare.plan().await? {
        report::say(&format!("({step})"));
    }
    let parts = world.parts();
    let cookies: Arc<[HeaderValue]> =
        people::cookies(&world.base(), people.get(..BROWSING).unwrap_or_default()).await?.into();
    let visitors = |clients: usize| {
        let visitor = |client: usize| {
            Ok(Visitor {
                connection: Connection::new(&world.base())?,
                cookies: Arc::clone(&cookies),
                next: client * 17,
            })
        };
        (0..clients).map(visitor).collect::<anyhow::Result<Vec<_>>>()
    };
    for &clients in &options.clients {
        for _ in 0..options.rounds {
            let readers = drive::warm_up(readers(&world, &world.base(), &mut people, clients).await?).await?;
            let (figures, _) = drive::run(readers, Pace::Closed, options.time(), &parts).await?;
            report.measured(NAME, Side::Portal, figures);
            let (figures, _) =
                drive::run(drive::warm_up(visitors(clients)?).await?, Pace::Closed, options.time(), &parts).await?;
            report.measured(PAGE, Side::Portal, figures);
            report.measured(NAME, bare.side(), bare.measure(clients, options.time()).await?);
        }
        report.compare(NAME, clients, bare.clients(clients));
        report.compare_answers(PAGE, NAME, clients);
    }
    let clients = options.clients.iter().copied().max().unwrap_or(1);
    let chain = Chain::start().await?;
    for share in [0.25, 0.5] {
        let pace = Pace::Open(report.best(NAME) * share);
        let asking = drive::warm_up(readers(&world, &world.base(), &mut people, clients).await?).await?;
        let (figures, _) = drive::run(asking, pace, options.time(), &parts).await?;
        report.measured(NAME, Side::Portal, figures);
        let asking = drive::warm_up(readers(&world, &chain.base, &mut people, clients).await?).await?;
        let (figures, _) = drive::run(asking, pace, options.time(), &chain.parts()).await?;
        report.measured(NAME, Side::Bare("chain"), figures);
    }
    world.stop().await
}

async fn readers(world: &World, asked: &str, people: &mut [Person], clients: usize) -> anyhow::Result<Vec<Reader>> {
    people::renew(&world.base(), people).await?;
    let bearers: Arc<[HeaderValue]> = people.iter().map(|person| person.bearer.clone()).collect();
    (0..clients)
        .map(|client| {
            let connection = Connection::new(asked)?;
            Ok(Reader { connection, bearers: Arc::clone(&bearers), next: client * 17 })
        })
        .collect()
}

/// The answer is what it should be before its time is taken.
async fn prove(people: &[Person]) -> anyhow::Result<()> {
    let person = people.first().context("nobody asks")?;
    let answer = person.api.get("/applications").await.ok();
    let shown = answer["applications"].as_array().map_or(0, Vec::len);
    ensure!(shown == 10 && answer["page"]["total"] == seed::EACH, "the list is not as it was written: {answer}");
    Ok(())
}
