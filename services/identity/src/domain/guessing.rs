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
