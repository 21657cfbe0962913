//! S7: the guide's whole journey, from signing up to a booked visit, with the staff's part and the bank's page.

use std::{future::Future, time::Instant};

use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::super::{
    Form, Options, people,
    people::Person,
    report::{self, median},
    usage::Usage,
    world::World,
};
use crate::{api::Api, bank, journey, world::PASSWORD};

/// What a shorter checkout costs pretix, in milliseconds of CPU time.
const PRETIX: f64 = 634.0;
const JOURNEYS: usize = 20;
const AT_ONCE: usize = 4;

pub(in super::super) async fn run(options: &Options, form: Form) -> anyhow::Result<()> {
    report::title(&format!(
        "== S7 journey, {form}: sign-up to booked visit, {JOURNEYS} at a time, {AT_ONCE} beside each other"
    ));
    let mut world = World::new(form, true)?;
    world.start().await?;
    let (mut signing, mut going) = (Vec::new(), Vec::new());
    for round in 0..=options.rounds {
        let parts = world.parts();
        let before = Usage::now(&parts);
        let people = people::sign_up(&world.base(), JOURNEYS).await?;
        world.settled().await?;
        let signed = Usage::now(&parts).since(&before).work() as f64 / JOURNEYS as f64 / 1000.0;
        let api = Api::new(&world.base());
        let staff = async |name: &str| api.sign_in(&format!("{name}@demo.example"), PASSWORD).await;
        let (manager, supervisor) = (staff("manager").await, staff("supervisor").await);
        let (before, begun) = (Usage::now(&parts), Instant::now());
        each(&people, |person| one(person, &manager, &supervisor)).await?;
        let took = begun.elapsed().as_secs_f64();
        world.settled().await?;
        let spent = Usage::now(&parts).since(&before);
        let gone = spent.work() as f64 / JOURNEYS as f64 / 1000.0;
        // The first round warms everything up.
        if round == 0 {
            continue;
        }
        signing.push(signed);
        going.push(gone);
        report::say(&format!(
            "{:.1} journeys a second; CPU each: {signed:.1} ms for sign-up and sign-in (two password hashes), {gone:.1} ms for the rest",
            JOURNEYS as f64 / took
        ));
        if spent.parts.len() > 1 {
            let each = spent.parts.iter().map(|(role, micros)| (role.clone(), *micros as f64 / JOURNEYS as f64));
            report::say(&format!("  µs: {}", report::parts(each)));
        }
    }
    let (signing, going) = (median(signing.into_iter()), median(going.into_iter()));
    report::say(&format!(
        "CPU of pretix's {PRETIX:.0} ms / the portal's: {:.0} with password hashing, {:.0} without",
        PRETIX / (signing + going),
        PRETIX / going
    ));
    world.check().await?;
    report::say("portal check: all promises hold");
    world.stop().await
}

/// Filed, reviewed, approved, paid, confirmed, booked.
async fn one(person: &Person, manager: &Api, supervisor: &Api) -> anyhow::Result<()> {
    let who = &person.api;
    let draft = journey::complete_draft(who, &[("INVB1S", 1)]).await;
    let number = journey::number(&journey::submit(who, &draft).await);
    journey::review(manager, number).await;
    journey::step(supervisor, number, "approve", serde_json::json!({})).await;
    let invoice = journey::invoice(who, number).await;
    journey::pay(who, &invoice, bank::PAYS).await;
    journey::confirm(manager, number).await;
    let paid = journey::in_state(who, number, "STATE_AWAITING_DOCUMENTS").await;
    journey::book(who, &paid).await;
    Ok(())
}

async fn each<'a, F>(people: &'a [Person], work: impl Fn(&'a Person) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    stream::iter(people.iter().map(work)).buffer_unordered(AT_ONCE).try_collect().await
}
