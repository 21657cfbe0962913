//! S10: from a fact to its effect, and how many facts a second are carried.

use std::{collections::HashMap, future::Future, time::Duration};

use anyhow::{Context as _, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::{
    super::{
        Form, Options, drive,
        people::{self, Person},
        report, seed,
        usage::Usage,
        world::{World, count},
    },
    submit::moments,
};
use crate::{api::Api, bank, journey, world::PASSWORD};

const SERVICE: &str = "INVB1S";
const APPLICANTS: usize = 4;
/// Cases that are at work at the same time.
const AT_ONCE: usize = 4;

pub(in super::super) async fn run(options: &Options, form: Form) -> anyhow::Result<()> {
    report::title(&format!("== S10 effects, {form}"));
    let mut world = World::new(form, true)?;
    world.start().await?;
    let people = people::sign_up(&world.base(), APPLICANTS).await?;
    payments(&world, &people, options.payments).await?;
    let account = people.first().context("nobody applies")?.account.clone();
    relayed(&mut world, options.facts, &account).await?;
    world.check().await?;
    report::say("portal check: all promises hold");
    world.stop().await
}

/// Cases from their submission to the right to book a visit.
async fn payments(world: &World, people: &[Person], cases: usize) -> anyhow::Result<()> {
    let numbers = each(0..cases, |nth| submitted(people, nth)).await?;
    let (manager, supervisor) = (staff(world, "manager").await, staff(world, "supervisor").await);
    each(numbers.clone(), |(owner, number)| paid(&people[owner].api, &manager, &supervisor, number)).await?;
    world.settled().await?;
    let manager = staff(world, "manager").await;
    each(numbers.clone(), |(_, number)| confirmed(&manager, number)).await?;
    world.settled().await?;

    let applications = world.look("applications").await?;
    let told = "SELECT event_id AS id, occurred_at AS at FROM outbox WHERE fact LIKE '%.ApplicationSubmitted'";
    let noted = "SELECT event_id AS id, applied_at AS at FROM inbox WHERE consumer = 'notifications-from-applications'";
    let (told, noted) =
        (moments(&applications, told).await?, moments(&world.look("notifications").await?, noted).await?);
    tell("submitted -> the mail's task", &lags(&told, &noted, told.keys())?);
    let confirmed = "SELECT aggregate_id AS id, MAX(occurred_at) AS at FROM outbox \
         WHERE fact LIKE '%.PaymentStatusChanged' GROUP BY aggregate_id";
    let opened = "SELECT aggregate_id AS id, MAX(applied_at) AS at FROM inbox \
         WHERE consumer = 'booking-from-applications' GROUP BY aggregate_id";
    let confirmed = moments(&world.look("billing").await?, confirmed).await?;
    let opened = moments(&world.look("booking").await?, opened).await?;
    let ours: Vec<String> = numbers.iter().map(|(_, number)| number.to_string()).collect();
    tell("payment confirmed -> booking open (two facts)", &lags(&confirmed, &opened, ours.iter())?);
    Ok(())
}

/// A case is filed; answers whose it is, and its number.
async fn submitted(people: &[Person], nth: usize) -> anyhow::Result<(usize, i64)> {
    let owner = nth % people.len();
    let draft = journey::complete_draft(&people[owner].api, &[(SERVICE, 1)]).await;
    journey::submit(&people[owner].api, &draft).await;
    Ok((owner, journey::number(&draft)))
}

/// Approved, and paid at the bank.
async fn paid(who: &Api, manager: &Api, supervisor: &Api, number: i64) -> anyhow::Result<()> {
    journey::review(manager, number).await;
    journey::step(supervisor, number, "approve", json!({})).await;
    let invoice: Value = journey::invoice(who, number).await;
    journey::pay(who, &invoice, bank::PAYS).await;
    Ok(())
}

async fn confirmed(manager: &Api, number: i64) -> anyhow::Result<()> {
    journey::confirm(manager, number).await;
    Ok(())
}

async fn staff(world: &World, name: &str) -> Api {
    Api::new(&world.base()).sign_in(&format!("{name}@demo.example"), PASSWORD).await
}

/// Does something for each, a few at a time.
async fn each<T, R, F>(all: impl IntoIterator<Item = T>, work: impl Fn(T) -> F) -> anyhow::Result<Vec<R>>
where
    F: Future<Output = anyhow::Result<R>>,
{
    stream::iter(all.into_iter().map(work)).buffer_unordered(AT_ONCE).try_collect().await
}

fn lags<'a>(
    from: &HashMap<String, i64>,
    to: &HashMap<String, i64>,
    ids: impl Iterator<Item = &'a String>,
) -> anyhow::Result<Histogram<u64>> {
    let mut lags = drive::histogram()?;
    for id in ids {
        let (from, to) = (from.get(id).context("no fact")?, to.get(id).with_context(|| format!("{id}: no effect"))?);
        lags.saturating_record((to - from).unsigned_abs());
    }
    Ok(lags)
}

fn tell(what: &str, lags: &Histogram<u64>) {
    let at = |share: f64| lags.value_at_quantile(share) as f64 / 1000.0;
    report::say(&format!(
        "{what}: p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms of {}",
        at(0.5),
        at(0.99),
        at(1.0),
        lags.len()
    ));
}

/// A full outbox is emptied.
async fn relayed(world: &mut World, facts: usize, account: &str) -> anyhow::Result<()> {
    world.pause().await?;
    let before = Usage::now(&world.parts());
    seed::facts(world, facts, account).await?;
    world.resume().await?;
    world.settled().await?;
    let spent = Usage::now(&world.parts()).since(&before);
    let of = |column: &str, table: &str| {
        format!(
            "SELECT MAX({column}) - MIN({column}) AS n FROM {table} WHERE LENGTH(aggregate_id) = 9 \
             AND aggregate_id >= '{}'",
            seed::FACTS_FROM
        )
    };
    let published = count(&world.look("applications").await?, &of("published_at", "outbox")).await?;
    let applied = count(&world.look("notifications").await?, &of("applied_at", "inbox")).await?;
    ensure!(published > 0 && applied > 0, "too few facts for a rate");
    let rate = |micros: i64| facts as f64 / Duration::from_micros(micros.unsigned_abs()).as_secs_f64();
    report::say(&format!(
        "{facts} facts of one service: published {:.0} a second, applied by their reader {:.0} a second; {:.0} µs CPU each",
        rate(published),
        rate(applied),
        spent.work() as f64 / facts as f64,
    ));
    if spent.parts.len() > 1 {
        let each = spent.parts.iter().map(|(role, micros)| (role.clone(), *micros as f64 / facts as f64));
        report::say(&format!("  {}", report::parts(each)));
    }
    Ok(())
}
