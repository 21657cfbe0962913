//! S5: complete drafts are submitted, until every reader has taken its fact.

use std::collections::{HashMap, VecDeque};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{HeaderValue, Method, StatusCode};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};

use super::super::{
    Form, Options,
    bare::Bare,
    drive::{self, Client, Outcome, Pace},
    http::Connection,
    people::{self, Person},
    report::{self, Report, Side},
    usage::Usage,
    world::{World, count},
};
use crate::journey;

pub(in super::super) const NAME: &str = "submit";
const SERVICE: &str = "INVB1S";
/// Whoever waits for a measurement ends with its drafts.
const TIME_MAX: std::time::Duration = std::time::Duration::from_mins(5);

/// Drafts made with one life of a token.
const DRAFTS_AT_ONCE: usize = 500;

/// A complete draft: number and version.
type Draft = (i64, i64);

struct Applicant {
    connection: Connection,
    bearer: HeaderValue,
    body: Bytes,
    drafts: VecDeque<Draft>,
}

impl Client for Applicant {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        let Some((number, version)) = self.drafts.pop_front() else { return Ok(Outcome::Over) };
        let path = format!("/api/v1/applications/{number}/submit");
        let headers = [("idempotency-key", uuid::Uuid::new_v4().to_string()), ("if-match", format!("\"{version}\""))];
        let (status, answer) =
            self.connection.send(Method::POST, &path, &self.bearer, &headers, self.body.clone()).await?;
        ensure!(status == StatusCode::OK, "{status}: {}", String::from_utf8_lossy(&answer));
        Ok(Outcome::Done)
    }
}

pub(in super::super) async fn run(options: &Options, form: Form, report: &mut Report) -> anyhow::Result<()> {
    let mut world = World::new(form, false)?;
    world.start().await?;
    let most = options.clients.iter().copied().max().unwrap_or(1);
    let mut people = people::sign_up(&world.base(), most).await?;
    let offer = people.first().context("nobody applies")?.api.get("/public-offer?locale=en").await.ok();
    let body = serde_json::json!({ "accept_offer": true, "offer_version": offer["version"], "consent_version": 1 })
        .to_string();

    report::head(&format!("== S5 submit, {form}: POST /api/v1/applications/{{number}}/submit"));
    let mut bare = Bare::submissions(&world).await?;
    let warm = applicants(&world, &mut people, most, most * 4, &body).await?;
    drive::run(warm, Pace::Closed, TIME_MAX, &[]).await?;
    for &clients in &options.clients {
        // One client has to wait for each commit alone.
        let drafts = if clients == 1 { options.drafts / 4 } else { options.drafts };
        for _ in 0..options.rounds {
            let ready = applicants(&world, &mut people, clients, drafts, &body).await?;
            measure(&world, ready, Pace::Closed, report).await?;
            report.measured(NAME, bare.side(), bare.measure(clients, options.time()).await?);
        }
        report.compare(NAME, clients, bare.clients(clients));
    }
    let half = report.best(NAME) * 0.5;
    let ready = applicants(&world, &mut people, most, options.drafts, &body).await?;
    measure(&world, ready, Pace::Open(half), report).await?;
    world.check().await?;
    report::say("portal check: all promises hold");
    world.stop().await
}

/// Submits until no draft is left, then waits for the effects: their cost and lag are told too.
async fn measure(world: &World, applicants: Vec<Applicant>, pace: Pace, report: &mut Report) -> anyhow::Result<()> {
    let parts = world.parts();
    let since = last_fact(world).await?;
    let before = Usage::now(&parts);
    let (figures, _) = drive::run(applicants, pace, TIME_MAX, &parts).await?;
    let done = figures.done.max(1);
    report.measured(NAME, Side::Portal, figures);
    let behind = world.settled().await?;
    let whole = Usage::now(&parts).since(&before);
    let lags = lags(world, since).await?;
    let at = |share: f64| lags.value_at_quantile(share) as f64 / 1000.0;
    report::say(&format!(
        "         with all effects {} µs CPU each, done {:.1} s after the last; fact to effect p50 {:.1} ms, p99 {:.1} ms of {}",
        whole.work() / done,
        behind.as_secs_f64(),
        at(0.5),
        at(0.99),
        lags.len(),
    ));
    if whole.parts.len() > 1 {
        let each = whole.parts.iter().map(|(role, micros)| (role.clone(), *micros as f64 / done as f64));
        report::say(&format!("         {}", report::parts(each)));
    }
    Ok(())
}

/// Complete drafts by way of the API, dealt out to clients.
async fn applicants(
    world: &World,
    people: &mut [Person],
    clients: usize,
    drafts: usize,
    body: &str,
) -> anyhow::Result<Vec<Applicant>> {
    let mut drafts_of = vec![VecDeque::new(); clients];
    let all: Vec<(usize, usize)> = (0..drafts).map(|nth| (nth % clients, nth)).collect();
    for some in all.chunks(DRAFTS_AT_ONCE) {
        people::renew(&world.base(), people).await?;
        let made: Vec<(usize, Draft)> = stream::iter(some)
            .map(|&(owner, nth)| {
                let api = &people[owner].api;
                async move {
                    let draft = journey::complete_draft_of(api, &[(SERVICE, 1)], &format!("P{nth:06}X")).await;
                    (owner, (journey::number(&draft), journey::version(&draft)))
                }
            })
            .buffer_unordered(32)
            .collect()
            .await;
        for (owner, draft) in made {
            drafts_of[owner].push_back(draft);
        }
    }
    world.settled().await?;
    people::renew(&world.base(), people).await?;
    people
        .iter()
        .zip(drafts_of)
        .map(|(person, drafts)| {
            Ok(Applicant {
                connection: Connection::new(&world.base())?,
                bearer: person.bearer.clone(),
                body: Bytes::from(body.to_owned()),
                drafts,
            })
        })
        .collect()
}

async fn last_fact(world: &World) -> anyhow::Result<i64> {
    count(&world.look("applications").await?, "SELECT COALESCE(MAX(seq), 0) AS n FROM outbox").await
}

/// From a fact's writing to its row in the reader's inbox, in microseconds, for all facts after `since`.
async fn lags(world: &World, since: i64) -> anyhow::Result<hdrhistogram::Histogram<u64>> {
    let written = format!("SELECT event_id AS id, occurred_at AS at FROM outbox WHERE seq > {since}");
    let taken = "SELECT event_id AS id, applied_at AS at FROM inbox WHERE consumer = 'notifications-from-applications'";
    let written = moments(&world.look("applications").await?, &written).await?;
    let taken = moments(&world.look("notifications").await?, taken).await?;
    let mut lags = drive::histogram()?;
    for (id, at) in &written {
        let applied = taken.get(id).with_context(|| format!("fact {id} was not taken"))?;
        lags.saturating_record((applied - at).unsigned_abs());
    }
    Ok(lags)
}

/// When something happened, by id.
pub(super) async fn moments(database: &DatabaseConnection, query: &str) -> anyhow::Result<HashMap<String, i64>> {
    let found = database.query_all_raw(Statement::from_string(database.get_database_backend(), query)).await?;
    found.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "at")?))).collect()
}
