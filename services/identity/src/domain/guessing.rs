//! How guessing, and asking for letters, is slowed: after some free attempts each further one doubles the wait. Nobody is
//! locked out.

use std::time::Duration;

use kernel::Time;

use crate::config::GuessingConfig;

/// Attempts counted for one account or one address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failures {
    pub count: u32,
    pub last_at: Time,
}

/// By which measure attempts are slowed.
#[derive(Debug, Clone)]
pub(crate) enum Measure {
    /// After some free ones each further one doubles the wait.
    Doubling(GuessingConfig),
    /// So many within a minute of the clock; the rest wait for the next.
    PerMinute(u32),
}

impl Measure {
    pub(crate) fn after_one_more(&self, before: Option<Failures>, now: Time) -> Failures {
        match self {
            Self::Doubling(config) => Failures::after_one_more(before, now, config),
            Self::PerMinute(_) => {
                let before = before.filter(|failures| minute(failures.last_at) == minute(now));
                let count = before.map_or(0, |failures| failures.count);
                Failures { count: count.saturating_add(1), last_at: now }
            }
        }
    }

    /// How long the next attempt must wait yet.
    pub(crate) fn wait(&self, failures: Failures, now: Time) -> Option<Duration> {
        match self {
            Self::Doubling(config) => failures.wait(now, config),
            Self::PerMinute(max) => {
                let full = failures.count >= *max && minute(failures.last_at) == minute(now);
                let next = Time::from_micros((minute(now) + 1) * MINUTE_MICROS);
                full.then(|| next.since(now))
            }
        }
    }
}

const MINUTE_MICROS: i64 = 60_000_000;

fn minute(time: Time) -> i64 {
    time.micros().div_euclid(MINUTE_MICROS)
}

impl Failures {
    /// The count after one more failure; an old count is forgotten.
    pub(crate) fn after_one_more(before: Option<Self>, now: Time, config: &GuessingConfig) -> Self {
        let count = before.filter(|failures| !failures.is_forgotten(now, config)).map_or(0, |failures| failures.count);
        Self { count: count.saturating_add(1), last_at: now }
    }

    /// How long the next attempt must wait yet.
    pub(crate) fn wait(self, now: Time, config: &GuessingConfig) -> Option<Duration> {
        let over = self.count.checked_sub(config.free_attempts)?;
        if self.is_forgotten(now, config) {
            return None;
        }
        let doubled = 1u64.checked_shl(over.min(32)).unwrap_or(u64::MAX);
        let seconds = config.wait_seconds_first.saturating_mul(doubled).min(config.wait_seconds_max);
        let open_at = self.last_at.plus(Duration::from_secs(seconds));
        (open_at > now).then(|| open_at.since(now))
    }

    fn is_forgotten(self, now: Time, config: &GuessingConfig) -> bool {
        now.since(self.last_at) > Duration::from_secs(config.forget_minutes * 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would have found: a limit that, once reached, shuts the portal for good.
    #[test]
    fn a_full_minute_ends_with_the_minute() {
        let measure = Measure::PerMinute(2);
        let at = |seconds: i64| Time::from_micros(seconds * 1_000_000);
        let one = measure.after_one_more(None, at(61));
        assert_eq!(measure.wait(one, at(62)), None);
        let two = measure.after_one_more(Some(one), at(70));
        assert_eq!(measure.wait(two, at(75)), Some(Duration::from_secs(45)));
        assert_eq!(measure.wait(two, at(120)), None);
        assert_eq!(measure.after_one_more(Some(two), at(121)).count, 1);
    }
}
