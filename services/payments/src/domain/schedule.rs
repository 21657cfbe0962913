//! When the bank is asked again about an attempt.

use std::time::Duration;

use kernel::Time;

use super::{attempt::Attempt, state::State};

/// A held sum is looked after this often until it is taken or let go.
const HELD: Duration = Duration::from_mins(1);

/// The periods of the sweeper.
#[derive(Debug, Clone)]
pub(crate) struct Periods {
    /// After the attempt's start, ascending.
    pub steps: Vec<Duration>,
    pub hourly: Duration,
    pub late: Duration,
    /// From the end of the page's token to giving it up.
    pub abandon: Duration,
    pub three_ds: Duration,
    /// A closed attempt is looked at again for so long.
    pub watch: Duration,
    /// The terminal holds a sum first.
    pub two_step: bool,
}

impl Periods {
    /// The moment after which an attempt that was never opened is given up.
    pub(crate) fn deadline(&self, attempt: &Attempt) -> Time {
        attempt.page_expires_at.plus(self.abandon)
    }

    /// The next inquiry after one at `now`; none when it needs no more.
    pub(crate) fn next(&self, attempt: &Attempt, now: Time) -> Option<Time> {
        if attempt.state.is_final() {
            return None;
        }
        if attempt.state == State::Authorised {
            return Some(now.plus(HELD));
        }
        if let Some(closed_at) = attempt.closed_at {
            let at = now.plus(self.late);
            return (at <= closed_at.plus(self.watch)).then_some(at);
        }
        let step = self.steps.iter().map(|offset| attempt.started_at.plus(*offset)).find(|at| *at > now);
        let deadline = self.deadline(attempt);
        Some(step.unwrap_or_else(|| {
            if now < deadline {
                now.plus(self.hourly).min(deadline)
            } else if attempt.late_polls > 0 && attempt.late_polls < 2 {
                // The second look before it is given up.
                now.plus(self.hourly)
            } else {
                now.plus(self.late)
            }
        }))
    }
}
