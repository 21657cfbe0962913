//! How long a start takes with the demo's data, and what an idle portal holds in memory.

use std::time::Duration;

use super::super::{
    Options,
    report::{self, median},
    usage,
    world::{Started, World},
};

const FIRST_STARTS: usize = 3;
const LATER_STARTS: usize = 5;
/// Until the allocator, the first deliveries and the workers have come to rest.
const SETTLE: Duration = Duration::from_secs(5);

pub(in super::super) async fn run(options: &Options) -> anyhow::Result<()> {
    report::title("== start, with demo data");
    let (mut first, mut later) = (Vec::new(), Vec::new());
    let mut memory = Vec::new();
    for round in 0..FIRST_STARTS {
        let mut world = World::new(options.form, true)?;
        first.push(world.start().await?);
        world.settled().await?;
        world.stop().await?;
        for _ in 0..LATER_STARTS.div_ceil(FIRST_STARTS) {
            later.push(world.start().await?);
            if round == 0 {
                tokio::time::sleep(SETTLE).await;
                memory.push(world.pids().into_iter().map(usage::resident_kib).sum::<u64>() as f64 / 1024.0);
            }
            world.stop().await?;
        }
    }
    tell("first start, empty folder", &first);
    tell("start on existing data", &later);
    report::say(&format!("idle memory after {} s: {:.1} MiB", SETTLE.as_secs(), median(memory.into_iter())));
    Ok(())
}

fn tell(what: &str, starts: &[Started]) {
    let millis = |time: fn(&Started) -> Duration| median(starts.iter().map(|start| time(start).as_secs_f64() * 1000.0));
    report::say(&format!(
        "{what}: {:.0} ms to the greeting, {:.0} ms to the first page (median of {})",
        millis(|start| start.greeting),
        millis(|start| start.first_page),
        starts.len(),
    ));
}
