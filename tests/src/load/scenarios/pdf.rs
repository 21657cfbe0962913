//! S6: an invoice as PDF: the first one, another, and one that is kept; what it costs, that its text can be read, and
//! what twenty at once do to a page.

use std::{process::Stdio, time::Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode};

use super::super::{
    Form, Options,
    drive::{self, Client, Outcome, Pace},
    http::Connection,
    people,
    report::{self, Report, Side, median},
    world::World,
};
use crate::{journey, world::PASSWORD};

const NAME: &str = "pdf";
/// What the same invoice costs pretix, in microseconds of CPU time.
const PRETIX: f64 = 15_000.0;
const AT_ONCE: usize = 20;
const BURSTS: usize = 30;
/// Letters that only Kazakh has.
const KAZAKH: &str = "әғқңөұүһі";

struct Reader {
    connection: Connection,
    bearer: HeaderValue,
    path: String,
}

impl Client for Reader {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        let (status, pdf) = self.get().await?;
        ensure!(status == StatusCode::OK && pdf.starts_with(b"%PDF-"), "{status} at {}", self.path);
        Ok(Outcome::Done)
    }
}

impl Reader {
    async fn get(&mut self) -> anyhow::Result<(StatusCode, Bytes)> {
        self.connection.send(Method::GET, &self.path, &self.bearer, &[], Bytes::new()).await
    }
}

pub(in super::super) async fn run(options: &Options, form: Form, report: &mut Report) -> anyhow::Result<()> {
    let mut world = World::new(form, true)?;
    world.start().await?;
    let base = world.base();
    let people = people::sign_up(&base, 1).await?;
    let person = people.first().context("nobody applies")?;
    let draft = journey::complete_draft(&person.api, &[("INVB1S", 1)]).await;
    let number = journey::number(&journey::submit(&person.api, &draft).await);
    let staff = async |name: &str| person.api.sign_in(&format!("{name}@demo.example"), PASSWORD).await;
    journey::review(&staff("manager").await, number).await;
    journey::step(&staff("supervisor").await, number, "approve", serde_json::json!({})).await;
    let invoice = journey::invoice(&person.api, number).await;
    world.settled().await?;
    let id = invoice["id"].as_str().context("an invoice without an id")?;
    let reader = |locale: &str| -> anyhow::Result<Reader> {
        Ok(Reader {
            connection: Connection::new(&base)?,
            bearer: person.bearer.clone(),
            path: format!("/api/v1/invoices/{id}/pdf?locale={locale}"),
        })
    };

    report::head(&format!("== S6 pdf, {form}: GET /api/v1/invoices/{{id}}/pdf"));
    let begun = Instant::now();
    let (_, first) = reader("kk")?.get().await?;
    report::say(&format!("the first one since the start: {:.1} ms, {} KiB", millis(begun), first.len() / 1024));
    let begun = Instant::now();
    reader("ru")?.once().await?;
    report::say(&format!("another one, which is not kept yet: {:.1} ms", millis(begun)));
    let text = text_of(&first).await?;
    let number_shown = invoice["document_number"].as_str().is_some_and(|number| text.contains(number));
    let lacking: String = KAZAKH.chars().filter(|letter| !text.to_lowercase().contains(*letter)).collect();
    ensure!(number_shown, "its text lacks the document number");
    report::say(&format!("its text has the document's number and all of {KAZAKH:?} but {lacking:?}"));
    for clients in [1, 2] {
        for _ in 0..options.rounds {
            let readers = (0..clients).map(|_| reader("en")).collect::<anyhow::Result<Vec<_>>>()?;
            let warm = drive::warm_up(readers).await?;
            report.measured(
                NAME,
                Side::Portal,
                drive::run(warm, Pace::Closed, options.time(), &world.parts()).await?.0,
            );
        }
    }
    let each = report.cost(NAME, 1);
    report::say(&format!("CPU of pretix's {PRETIX:.0} µs / the portal's: {:.0} ({each:.0} µs)", PRETIX / each));
    let cookie = people::cookies(&base, &people).await?.pop().context("no cookie")?;
    beside(&base, &cookie, reader).await?;
    world.stop().await
}

/// A page alone and while twenty invoices are written.
async fn beside(
    base: &str,
    cookie: &HeaderValue,
    reader: impl Fn(&str) -> anyhow::Result<Reader>,
) -> anyhow::Result<()> {
    let mut browser = Connection::new(base)?;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..BURSTS {
        alone.push(page(&mut browser, cookie).await?);
        let burst: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let mut one = reader("en")?;
                Ok(tokio::spawn(async move { one.once().await }))
            })
            .collect::<anyhow::Result<_>>()?;
        beside.push(page(&mut browser, cookie).await?);
        for one in burst {
            one.await??;
        }
    }
    let most = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    report::say(&format!(
        "\"My applications\" alone: median {:.1} ms, most {:.1} ms; beside {AT_ONCE} invoices: median {:.1} ms, most {:.1} ms",
        median(alone.iter().copied()),
        most(&alone),
        median(beside.iter().copied()),
        most(&beside),
    ));
    Ok(())
}

async fn page(browser: &mut Connection, cookie: &HeaderValue) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let (status, _) = browser.page("/applications", cookie).await?;
    ensure!(status == StatusCode::OK, "{status}");
    Ok(millis(begun))
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// What `pdftotext` reads in it.
async fn text_of(pdf: &[u8]) -> anyhow::Result<String> {
    let file = tempfile::NamedTempFile::new()?;
    tokio::fs::write(file.path(), pdf).await?;
    let mut command = tokio::process::Command::new("pdftotext");
    let done = command.arg(file.path()).arg("-").stderr(Stdio::inherit()).output().await;
    Ok(String::from_utf8(done.context("pdftotext (poppler-utils) is missing")?.stdout)?)
}
