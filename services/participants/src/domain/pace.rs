//! How look-ups are slowed: so many within a minute, then the rest of that minute is waited for.

use std::time::Duration;

use kernel::Time;

const WINDOW: Duration = Duration::from_mins(1);

/// Look-ups counted since the window's start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    since: Time,
    count: u32,
}

impl Pace {
    /// Counts one more, or tells the seconds that are left to wait.
    pub(crate) fn one_more(before: Option<Self>, now: Time, allowed: u32) -> (Self, Option<u64>) {
        match before.filter(|pace| !pace.is_over(now)) {
            None => (Self { since: now, count: 1 }, None),
            Some(pace) if pace.count < allowed => (Self { count: pace.count + 1, ..pace }, None),
            Some(pace) => (pace, Some(WINDOW.saturating_sub(now.since(pace.since)).as_secs() + 1)),
        }
    }

    /// Whether the window has passed.
    pub(crate) fn is_over(self, now: Time) -> bool {
        now.since(self.since) >= WINDOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_of_two_waits_for_the_rest_of_the_minute() {
        let start = Time::from_micros(0);
        let (first, wait) = Pace::one_more(None, start, 2);
        assert_eq!(wait, None);
        let (second, wait) = Pace::one_more(Some(first), start, 2);
        assert_eq!(wait, None);
        let (third, wait) = Pace::one_more(Some(second), start.plus(Duration::from_secs(20)), 2);
        assert_eq!(wait, Some(41));
        let (_, wait) = Pace::one_more(Some(third), start.plus(WINDOW), 2);
        assert_eq!(wait, None);
    }
}
