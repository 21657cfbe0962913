//! S8: how long a start takes with the demo's data, and what an idle portal holds in memory.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use portal::dev::Dev;

use super::super::{
    Form, Options,
    report::{self, median},
    world::{Started, World},
};

const FIRST_STARTS: u32 = 3;
const LATER_STARTS: u32 = 6;
/// Until the allocator, the first deliveries and the workers have come to rest.
const SETTLE: Duration = Duration::from_secs(5);
/// One service is there by then.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(2);

pub(in super::super) async fn run(options: &Options, form: Form) -> anyhow::Result<()> {
    report::title(&format!("== S8 start, {form}, with demo data"));
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for round in 0..FIRST_STARTS.min(options.rounds) {
        let mut world = World::new(form, true)?;
        first.push(world.start().await?);
        world.settled().await?;
        world.stop().await?;
        for nth in 0..LATER_STARTS.div_ceil(FIRST_STARTS) {
            later.push(world.start().await?);
            if round == 0 && nth == 0 {
                tokio::time::sleep(SETTLE).await;
                memory(&world);
                if let Some(dev) = world.dev() {
                    alone(dev).await?;
                }
            }
            world.stop().await?;
        }
    }
    tell("first start, empty folder", &first);
    tell("start on existing data", &later);
    Ok(())
}

/// What each process holds.
fn memory(world: &World) {
    report::say(&format!(
        "idle memory in MiB after {} s:  resident, shared pages by halves, its own alone",
        SETTLE.as_secs()
    ));
    let mib = |kib: u64| kib as f64 / 1024.0;
    for part in world.parts() {
        let held = part.memory();
        report::say(&format!(
            "  {:<14}{:>7.1}{:>7.1}{:>7.1}",
            part.role,
            mib(held.resident),
            mib(held.proportional),
            mib(held.private)
        ));
    }
}

/// Each service is stopped and started by itself while the others run: until it says that it is ready.
async fn alone(dev: &mut Dev) -> anyhow::Result<()> {
    let mut told = Vec::new();
    for (name, places) in dev.services.clone() {
        let place = *places.first().context("a service has no address")?;
        let mut times = Vec::new();
        for _ in 0..3 {
            dev.take_down(&name).await?;
            let begun = Instant::now();
            dev.bring_up(&name)?;
            while dev.health(&name, place).await.is_err() {
                ensure!(begun.elapsed() < PATIENCE, "{name} is not ready after {PATIENCE:?}");
                tokio::time::sleep(PAUSE).await;
            }
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        told.push(format!("{name} {:.0}", median(times.into_iter())));
    }
    report::say(&format!("ms until ready, each service alone: {}", told.join(", ")));
    Ok(())
}

fn tell(what: &str, starts: &[Started]) {
    let millis = |time: fn(&Started) -> Duration| median(starts.iter().map(|start| time(start).as_secs_f64() * 1000.0));
    report::say(&format!(
        "{what}: {:.0} ms until all are ready, {:.0} ms to the first page (median of {})",
        millis(|start| start.greeting),
        millis(|start| start.first_page),
        starts.len(),
    ));
}
