//! S3 and S4: many people book the same slot, then any of a thousand; then more of them want one than it has places.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use booking::Booking;
use bytes::Bytes;
use chassis::{service::Service as _, testing::first_changed};
use http::{HeaderValue, Method, StatusCode};
use sea_orm::{ConnectionTrait as _, Statement};

use super::super::{
    Form, Options,
    bare::Bare,
    drive::{self, Client, Outcome, Pace},
    http::Connection,
    people::{self, Person},
    report::{self, Report, Side},
    seed::{self, Right},
    world::{self, World},
};

const NAME: &str = "book";
const SPREAD: &str = "spread";
const OFFICES: &str = "booking.offices";
/// Slots of S4.
const SLOTS: usize = 1_000;
/// One slot is hot only with many at it.
const CLIENTS: [usize; 2] = [32, 64];
const PEOPLE: i64 = 64;
/// Applications that may book, for each of the people: more than a measurement can use up.
const RIGHTS_EACH: i64 = 5_000;
/// The numbers of these applications begin here.
const FIRST: i64 = 1_000_000;
/// Places of the last run's slot, and how many want them.
const PLACES: usize = 50;
const BUYERS: usize = 160;

struct Buyer {
    connection: Connection,
    bearer: HeaderValue,
    /// Number of the next application that may book, and the last one.
    next: i64,
    last: i64,
    /// What he books one after another, beginning at a place of his own.
    starts: Arc<[i64]>,
    turn: usize,
    /// Applications that were told they have a visit.
    accepted: Vec<i64>,
}

impl Client for Buyer {
    async fn once(&mut self) -> anyhow::Result<Outcome> {
        if self.next > self.last {
            return Ok(Outcome::Over);
        }
        let number = self.next;
        self.next += 1;
        self.turn += 1;
        let start = self.starts.get(self.turn * 7919 % self.starts.len()).context("no slots")?;
        let body =
            format!(r#"{{"appointments":[{{"person_item_id":"{}","start_at_micros":{}}}]}}"#, item(number), start);
        let path = format!("/api/v1/applications/{number}/appointments");
        let key = [("idempotency-key", uuid::Uuid::new_v4().to_string())];
        let (status, answer) = self.connection.send(Method::POST, &path, &self.bearer, &key, Bytes::from(body)).await?;
        if status == StatusCode::CREATED {
            self.accepted.push(number);
            return Ok(Outcome::Done);
        }
        let answer = String::from_utf8_lossy(&answer);
        ensure!(answer.contains("SLOT_FULL"), "{status}: {answer}");
        Ok(Outcome::Refused)
    }
}

/// The office of the settings with short slots and so many places in each.
fn one_office(places: usize) -> serde_json::Value {
    first_changed(Booking::DEFAULTS, "offices", &[("slot_capacity", places.into()), ("slot_minutes", 5.into())])
}

pub(in super::super) async fn run(options: &Options, form: Form, report: &mut Report) -> anyhow::Result<()> {
    let mut world = World::new(form, false)?;
    world.set(OFFICES, one_office(1_000_000_000));
    world.start().await?;
    let mut people = people::sign_up(&world.base(), usize::try_from(PEOPLE)?).await?;
    world.settled().await?;
    world.pause().await?;
    seed::rights(&world, &rights(&people)).await?;
    world.resume().await?;
    people::renew(&world.base(), &mut people).await?;
    let starts = starts(&people).await?;
    let hot: Arc<[i64]> = starts.iter().take(1).copied().collect();

    report::head(&format!("== S3 book, {form}: POST /api/v1/applications/{{number}}/appointments, one slot"));
    let mut bare = Bare::bookings(&world, hot.len()).await?;
    let mut used = vec![0; people.len()];
    let mut accepted = 0;
    let mut behind = Duration::ZERO;
    for clients in CLIENTS {
        for _ in 0..options.rounds {
            let (figures, booked) =
                measure(&world, &mut people, clients, &mut used, &hot, Pace::Closed, options).await?;
            accepted += booked;
            report.measured(NAME, Side::Portal, figures);
            // What a measurement has set off is nobody else's.
            behind = behind.max(world.settled().await?);
            report.measured(NAME, bare.side(), bare.measure(clients, options.time()).await?);
        }
        report.compare(NAME, clients, bare.clients(clients));
    }
    let half = Pace::Open(report.best(NAME) * 0.5);
    let (figures, booked) = measure(&world, &mut people, 64, &mut used, &hot, half, options).await?;
    accepted += booked;
    report.measured(NAME, Side::Portal, figures);
    behind = behind.max(world.settled().await?);

    report::head(&format!("== S4 book, {form}: the same, spread over {SLOTS} slots"));
    let spread: Arc<[i64]> = starts.iter().take(SLOTS).copied().collect();
    ensure!(spread.len() == SLOTS, "{} slots can be booked", spread.len());
    let mut bare = Bare::bookings(&world, SLOTS).await?;
    let clients = CLIENTS[0];
    for _ in 0..options.rounds {
        let (figures, booked) =
            measure(&world, &mut people, clients, &mut used, &spread, Pace::Closed, options).await?;
        accepted += booked;
        report.measured(SPREAD, Side::Portal, figures);
        behind = behind.max(world.settled().await?);
        report.measured(SPREAD, bare.side(), bare.measure(clients, options.time()).await?);
    }
    report.compare(SPREAD, clients, bare.clients(clients));

    let taken = world::count(&world.look("booking").await?, "SELECT COALESCE(SUM(taken), 0) AS n FROM slot").await?;
    ensure!(usize::try_from(taken)? == accepted, "{accepted} bookings were accepted, {taken} places are taken");
    report::say(&format!(
        "{accepted} accepted, {taken} places taken; all effects at most {:.1} s after the last of a measurement",
        behind.as_secs_f64()
    ));
    scarce(&mut world, &mut people, &used, *starts.get(SLOTS).context("too few slots")?).await
}

/// One measurement; answers also how many bookings were accepted, the warm-up's too.
async fn measure(
    world: &World,
    people: &mut [Person],
    clients: usize,
    used: &mut [i64],
    starts: &Arc<[i64]>,
    pace: Pace,
    options: &Options,
) -> anyhow::Result<(drive::Figures, usize)> {
    people::renew(&world.base(), people).await?;
    let buyers = buyers(world, people, clients, used, starts)?;
    let buyers = drive::warm_up(buyers).await?;
    let (figures, buyers) = drive::run(buyers, pace, options.time(), &world.parts()).await?;
    let mut accepted = 0;
    for ((buyer, used), first) in buyers.iter().zip(used.iter_mut()).zip((0..).map(first_of)) {
        *used = buyer.next - first;
        accepted += buyer.accepted.len();
    }
    Ok((figures, accepted))
}

fn buyers(
    world: &World,
    people: &[Person],
    clients: usize,
    used: &[i64],
    starts: &Arc<[i64]>,
) -> anyhow::Result<Vec<Buyer>> {
    let with_rights = people.iter().zip(used).zip((0..).map(first_of)).enumerate();
    with_rights
        .take(clients)
        .map(|(nth, ((person, used), first))| {
            Ok(Buyer {
                connection: Connection::new(&world.base())?,
                bearer: person.bearer.clone(),
                next: first + used,
                last: first + RIGHTS_EACH - 1,
                starts: Arc::clone(starts),
                turn: nth * 31,
                accepted: Vec::new(),
            })
        })
        .collect()
}

/// More buyers than places: as many are accepted as there are, each has his visit, and the promises hold.
async fn scarce(world: &mut World, people: &mut [Person], used: &[i64], start_at_micros: i64) -> anyhow::Result<()> {
    world.set(OFFICES, one_office(PLACES));
    world.restart().await?;
    people::renew(&world.base(), people).await?;
    let wanted: Arc<[i64]> = Arc::new([start_at_micros]);
    let mut buyers = buyers(world, people, people.len(), used, &wanted)?;
    for (index, buyer) in buyers.iter_mut().enumerate() {
        let tries = BUYERS / people.len() + usize::from(index < BUYERS % people.len());
        buyer.last = buyer.next + i64::try_from(tries)? - 1;
    }
    let (figures, buyers) = drive::run(buyers, Pace::Closed, Duration::from_mins(1), &world.parts()).await?;
    let accepted: BTreeSet<i64> = buyers.iter().flat_map(|buyer| buyer.accepted.iter().copied()).collect();
    ensure!(figures.done + figures.refused == BUYERS as u64, "not everybody had an answer");
    world.settled().await?;
    let booking = world.look("booking").await?;
    let of_slot = Statement::from_string(
        booking.get_database_backend(),
        format!("SELECT application_number AS n FROM appointment WHERE start_at = {start_at_micros} AND active"),
    );
    let kept: BTreeSet<i64> =
        booking.query_all_raw(of_slot).await?.iter().map(|row| row.try_get("", "n")).collect::<Result<_, _>>()?;
    report::say(&format!(
        "{PLACES} places, {BUYERS} buyers at {} clients: {} accepted, {} refused in {:.0} ms; oversold {}; accepted and lost {}",
        people.len(),
        accepted.len(),
        figures.refused,
        figures.elapsed.as_secs_f64() * 1000.0,
        kept.len().saturating_sub(PLACES),
        accepted.difference(&kept).count(),
    ));
    ensure!(accepted == kept && kept.len() == PLACES, "the slot does not hold what was answered");
    world.check().await?;
    report::say("portal check: all promises hold");
    world.stop().await
}

/// Starts of slots that can be booked, enough of them; the last one is nobody's yet.
async fn starts(people: &[Person]) -> anyhow::Result<Vec<i64>> {
    let person = people.first().context("nobody books")?;
    let path = format!("/applications/{FIRST}/slots");
    let days = person.api.get(&path).await.ok()["days"].clone();
    let mut starts = Vec::new();
    for day in days.as_array().into_iter().flatten().filter_map(|day| day.as_str()) {
        let slots = person.api.get(&format!("{path}?date={day}")).await.ok();
        starts.extend(
            slots["slots"].as_array().into_iter().flatten().filter_map(|slot| slot["start_at_micros"].as_i64()),
        );
        if starts.len() > SLOTS {
            break;
        }
    }
    Ok(starts)
}

fn first_of(person: i64) -> i64 {
    FIRST + person * RIGHTS_EACH
}

/// The one person item of an application that may book.
fn item(number: i64) -> String {
    format!("itm_0190000000007000a000{number:012x}")
}

fn rights(people: &[Person]) -> Vec<Right> {
    let of_person = |(person, first): (&Person, i64)| {
        let account = person.account.clone();
        (first..first + RIGHTS_EACH).map(move |number| Right {
            number,
            account: account.clone(),
            items: format!(r#"["{}"]"#, item(number)),
        })
    };
    people.iter().zip((0..).map(first_of)).flat_map(of_person).collect()
}
