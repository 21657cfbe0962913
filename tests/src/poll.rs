//! Waiting for a condition; on time-out it tells what was last seen.

use std::{fmt::Debug, time::Duration};

use tokio::time::Instant;

/// A fact whose delivery failed some times comes again after half a minute and more.
const LIMIT: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until the answer fits.
pub async fn until<T: Debug, F, Fut>(what: &str, mut ask: F, fits: impl Fn(&T) -> bool) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = T>,
{
    let end = Instant::now() + LIMIT;
    loop {
        let seen = ask().await;
        if fits(&seen) {
            return seen;
        }
        assert!(Instant::now() < end, "waited {LIMIT:?} for {what}; last seen: {seen:#?}");
        tokio::time::sleep(PAUSE).await;
    }
}
