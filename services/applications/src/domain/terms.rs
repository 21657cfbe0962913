//! Terms of the steps of a case: the centre's in working days, the applicant's in calendar days; and what is told when
//! they end.

use std::time::Duration;

use jiff::{ToSpan as _, civil::Date};
use kernel::{Time, WorkingCalendar};

use super::state::State;

/// How long a step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// The centre's: working days after the day on which it began.
    WorkingDays(u32),
    /// The applicant's: calendar days.
    Days(u32),
}

impl Term {
    /// The last day of it.
    pub(crate) fn last_day(self, from: Date, calendar: &WorkingCalendar) -> Date {
        match self {
            Self::WorkingDays(days) => calendar.add_working_days(from, days),
            Self::Days(days) => from.checked_add(i64::from(days).days()).unwrap_or(Date::MAX),
        }
    }
}

/// A reminder of what was returned: so long before the end, as the first or second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reminder {
    pub before: Duration,
    pub told: i16,
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The first and the last one.
pub(crate) const REMINDERS: [Reminder; 2] =
    [Reminder { before: Duration::from_secs(7 * 24 * 3600), told: 1 }, Reminder { before: DAY, told: 2 }];

/// What is due to be told of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The applicant is reminded, with so many days left.
    Remind { told: i16, days_left: u32 },
    /// He was not reminded as he should have been (nobody ran the portal then): he gets another day.
    RemindLate { due_at: Time },
    /// He let it pass.
    Expire,
    /// The centre let it pass.
    Overdue,
}

/// What is to be told of a step now.
pub(crate) fn notice(state: State, due_at: Time, told: i16, now: Time) -> Option<Notice> {
    if state != State::Returned {
        return (now >= due_at && told == 0).then_some(Notice::Overdue);
    }
    let [_, last] = REMINDERS;
    if now >= due_at {
        return Some(if told < last.told { Notice::RemindLate { due_at: now.plus(DAY) } } else { Notice::Expire });
    }
    let left = due_at.since(now);
    let reminder = REMINDERS.into_iter().rev().find(|reminder| left <= reminder.before)?;
    let days_left = u32::try_from(left.as_secs().div_ceil(DAY.as_secs())).unwrap_or(u32::MAX);
    (told < reminder.told).then_some(Notice::Remind { told: reminder.told, days_left })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_centres_days_leave_out_holidays_and_the_applicants_do_not() {
        let calendar = WorkingCalendar::parse(kernel::calendar::KZ).unwrap();
        // Tuesday; Wednesday 16 December is Independence Day.
        assert_eq!(Term::WorkingDays(1).last_day(date(2026, 12, 15), &calendar), date(2026, 12, 17));
        assert_eq!(Term::Days(30).last_day(date(2026, 12, 15), &calendar), date(2027, 1, 14));
    }

    #[test]
    fn nobody_is_expired_without_two_reminders() {
        let due = Time::from_micros(1_000_000_000_000_000);
        let at = |before: u64| due.minus(DAY * u32::try_from(before).unwrap());
        let told = |state, told, now| notice(state, due, told, now);
        assert_eq!(told(State::Returned, 0, at(8)), None);
        assert_eq!(told(State::Returned, 0, at(7)), Some(Notice::Remind { told: 1, days_left: 7 }));
        assert_eq!(told(State::Returned, 1, at(6)), None);
        assert_eq!(told(State::Returned, 0, at(1)), Some(Notice::Remind { told: 2, days_left: 1 }));
        assert_eq!(told(State::Returned, 2, at(1)), None);
        assert_eq!(told(State::Returned, 1, due), Some(Notice::RemindLate { due_at: due.plus(DAY) }));
        assert_eq!(told(State::Returned, 2, due), Some(Notice::Expire));
        assert_eq!(told(State::InReview, 0, at(1)), None);
        assert_eq!(told(State::InReview, 0, due), Some(Notice::Overdue));
        assert_eq!(told(State::InReview, 1, due), None);
    }
}
