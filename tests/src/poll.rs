//! Waiting for a condition; on time-out it tells what was last seen.

use std::{fmt::Debug, time::Duration};

use tokio::time::Instant;

const LIMIT: Duration = Duration::from_secs(30);
/// A fact whose delivery failed some times in a row comes again after half a minute each, then after minutes.
pub const REDELIVERED: Duration = Duration::from_secs(240);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until the answer fits.
pub async fn until<T: Debug, F, Fut>(what: &str, ask: F, fits: impl Fn(&T) -> bool) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = T>,
{
    until_within(LIMIT, what, ask, fits).await
}

/// The same with a limit of its own.
pub async fn until_within<T: Debug, F, Fut>(limit: Duration, what: &str, mut ask: F, fits: impl Fn(&T) -> bool) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = T>,
{
    let end = Instant::now() + limit;
    loop {
        let seen = ask().await;
        if fits(&seen) {
            return seen;
        }
        assert!(Instant::now() < end, "waited {limit:?} for {what}; last seen: {seen:#?}");
        tokio::time::sleep(PAUSE).await;
    }
}
