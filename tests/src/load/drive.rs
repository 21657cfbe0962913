//! Runs clients at the same time and takes the time of each request: as fast as they can, or at a given rate.

use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::time::Instant;

use super::usage::{Part, Usage};

/// What came of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// An answer that was to be expected, but no success.
    Refused,
    /// The client has nothing left to ask for.
    Over,
}

/// Somebody who asks for one thing after another.
pub(super) trait Client: Send + 'static {
    /// One request; an error ends the measurement.
    fn once(&mut self) -> impl Future<Output = anyhow::Result<Outcome>> + Send;
}

/// How requests follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pace {
    /// The next one after the answer.
    Closed,
    /// So many a second in all, whether answers come or not; a late start counts as waiting.
    Open(f64),
}

/// One measurement.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    pub clients: usize,
    pub pace: Pace,
    pub done: u64,
    pub refused: u64,
    pub elapsed: Duration,
    /// In microseconds.
    pub times: Histogram<u64>,
    pub spent: Usage,
}

impl Figures {
    pub(super) fn per_second(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    pub(super) fn millis(&self, quantile: f64) -> f64 {
        self.times.value_at_quantile(quantile) as f64 / 1000.0
    }

    /// So much CPU time as one answered request's share, in microseconds.
    pub(super) fn each(&self, micros: u64) -> f64 {
        micros as f64 / (self.done + self.refused).max(1) as f64
    }
}

const WARM_UP: Duration = Duration::from_secs(1);

/// Lets clients run unmeasured, so that connections, caches and pools are there.
pub(super) async fn warm_up<C: Client>(clients: Vec<C>) -> anyhow::Result<Vec<C>> {
    Ok(run(clients, Pace::Closed, WARM_UP, &[]).await?.1)
}

/// Lets clients run for some time, or until all are over. Gives them back: their connections are warm.
pub(super) async fn run<C: Client>(
    clients: Vec<C>,
    pace: Pace,
    time: Duration,
    watched: &[Part],
) -> anyhow::Result<(Figures, Vec<C>)> {
    let count = clients.len();
    let before = Usage::now(watched);
    let start = Instant::now();
    let running: Vec<_> = clients
        .into_iter()
        .enumerate()
        .map(|(index, client)| tokio::spawn(one(client, Turn { index, count, pace, start, end: start + time })))
        .collect();
    let mut figures = Figures {
        clients: count,
        pace,
        done: 0,
        refused: 0,
        elapsed: Duration::ZERO,
        times: histogram()?,
        spent: before.clone(),
    };
    let mut back = Vec::with_capacity(count);
    for task in running {
        let (client, done, refused, times) = task.await??;
        figures.done += done;
        figures.refused += refused;
        figures.times.add(times)?;
        back.push(client);
    }
    figures.elapsed = start.elapsed();
    figures.spent = Usage::now(watched).since(&before);
    Ok((figures, back))
}

/// One client's place among all.
struct Turn {
    index: usize,
    count: usize,
    pace: Pace,
    start: Instant,
    end: Instant,
}

impl Turn {
    /// When the n-th request is due, and from when its time counts.
    async fn wait(&self, nth: usize) -> Option<Instant> {
        let now = Instant::now();
        match self.pace {
            Pace::Closed => (now < self.end).then_some(now),
            Pace::Open(per_second) => {
                let due = self.start + Duration::from_secs_f64((nth * self.count + self.index) as f64 / per_second);
                if due >= self.end {
                    return None;
                }
                if due <= now {
                    return Some(due);
                }
                // The timer is coarse; its own lateness is not the portal's.
                tokio::time::sleep_until(due).await;
                Some(Instant::now())
            }
        }
    }
}

type Ran<C> = (C, u64, u64, Histogram<u64>);

async fn one<C: Client>(mut client: C, turn: Turn) -> anyhow::Result<Ran<C>> {
    let (mut done, mut refused, mut times) = (0, 0, histogram()?);
    for nth in 0.. {
        let Some(from) = turn.wait(nth).await else { break };
        match client.once().await? {
            Outcome::Done => done += 1,
            Outcome::Refused => refused += 1,
            Outcome::Over => break,
        }
        times.saturating_record(u64::try_from(from.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    Ok((client, done, refused, times))
}

/// From a microsecond to a minute, three digits.
pub(super) fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}
