//! When an office can be visited: weeks that count from a date on, days of their own, holidays; and the slots that
//! follow from them, lunch left out.

use std::collections::BTreeMap;

use jiff::{
    ToSpan as _,
    civil::{Date, DateTime, Time, Weekday},
};
use kernel::WorkingCalendar;
use serde::{Deserialize, Serialize};

use crate::config::{Config, Office};

/// Visits to bring originals.
pub(crate) const HAND_OVER: &str = "hand_over";
/// Visits to fetch what is ready.
pub(crate) const PICK_UP: &str = "pick_up";

/// Hours of a day. Without lunch both its ends are the hour of closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Opening {
    pub opens: Time,
    pub closes: Time,
    pub lunch_from: Time,
    pub lunch_to: Time,
}

impl Opening {
    pub(crate) fn is_sound(&self) -> bool {
        self.opens < self.lunch_from && self.lunch_from <= self.lunch_to && self.lunch_to <= self.closes
    }
}

/// What an office offers in a week, Monday first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Week {
    /// Persons received in one slot.
    pub desks: i32,
    /// Persons who fetch something in one slot, beside the others; none: all come to the same desks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick_up_desks: Option<i32>,
    pub slot_minutes: i64,
    pub days: [Option<Opening>; 7],
}

impl Week {
    /// What the configuration says: the same hours from Monday to Friday.
    fn seed(office: &Office) -> Self {
        let Office { opens, closes, lunch_from, lunch_to, .. } = *office;
        let open = Some(Opening { opens, closes, lunch_from, lunch_to });
        let days = [open, open, open, open, open, None, None];
        Self { desks: office.slot_capacity, pick_up_desks: None, slot_minutes: office.slot_minutes, days }
    }

    /// Whose slots a kind of visit takes its places from, and how many there are in each.
    pub(crate) fn pool<'a>(&self, kind: &'a str) -> (&'a str, i32) {
        match self.pick_up_desks {
            Some(desks) if kind == PICK_UP => (kind, desks),
            None if kind == PICK_UP => (HAND_OVER, self.desks),
            Some(_) | None => (kind, self.desks),
        }
    }

    pub(crate) fn desks_in_all(&self) -> i32 {
        self.desks + self.pick_up_desks.unwrap_or(0)
    }

    fn of(&self, weekday: Weekday) -> Option<Opening> {
        let index = usize::try_from(weekday.to_monday_zero_offset()).ok()?;
        self.days.get(index).copied().flatten()
    }
}

/// All that is known of an office's hours.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Id of the office.
    pub office: String,
    /// The edition by which it or the holidays were changed last; 0 before the first.
    pub version: i64,
    seed: Week,
    /// By the date from which on they count.
    pub weeks: BTreeMap<Date, Week>,
    /// Days of their own; `None` = closed.
    pub days: BTreeMap<Date, Option<Opening>>,
    pub calendar: WorkingCalendar,
}

impl Plan {
    /// The plan before anybody has changed anything.
    fn seed(office: &Office, calendar: &WorkingCalendar) -> Self {
        Self {
            office: office.id.clone(),
            version: 0,
            seed: Week::seed(office),
            weeks: BTreeMap::new(),
            days: BTreeMap::new(),
            calendar: calendar.clone(),
        }
    }

    pub(crate) fn week(&self, day: Date) -> &Week {
        self.weeks.range(..=day).next_back().map_or(&self.seed, |(_, week)| week)
    }

    /// The hours of a day; none when it is closed.
    pub(crate) fn opening(&self, day: Date) -> Option<Opening> {
        if let Some(own) = self.days.get(&day) {
            return *own;
        }
        let week = self.week(day);
        if self.calendar.is_holiday(day) {
            None
        } else if self.calendar.is_swapped_in(day) {
            // A weekend that is worked in exchange has the hours of a Monday, unless it has its own.
            week.of(day.weekday()).or_else(|| week.of(Weekday::Monday))
        } else {
            week.of(day.weekday())
        }
    }

    /// Starts of all slots of a day, in the office's civil time.
    pub(crate) fn slots(&self, day: Date) -> Vec<DateTime> {
        let Some(hours) = self.opening(day) else { return Vec::new() };
        let length = self.week(day).slot_minutes.minutes();
        let (closes, lunch_to) = (day.to_datetime(hours.closes), day.to_datetime(hours.lunch_to));
        let lunch_from = day.to_datetime(hours.lunch_from);
        let (mut starts, mut start) = (Vec::new(), day.to_datetime(hours.opens));
        while let Ok(end) = start.checked_add(length) {
            if end > closes {
                break;
            }
            if end <= lunch_from || start >= lunch_to {
                starts.push(start);
                start = end;
            } else {
                start = lunch_to;
            }
        }
        starts
    }

    /// The days on which a visit may be booked now.
    pub(crate) fn bookable_days(&self, config: &Config, today: Date) -> Vec<Date> {
        (config.days_ahead_min..=config.days_ahead_max)
            .filter_map(|ahead| today.checked_add(ahead.days()).ok())
            .filter(|day| self.opening(*day).is_some())
            .collect()
    }
}

/// The plans of all offices, as the newest edition of any of them left them.
#[derive(Debug, Clone)]
pub(crate) struct Plans {
    pub newest: i64,
    first: Plan,
    others: Vec<Plan>,
}

impl Plans {
    /// The plans before anybody has changed anything.
    pub(crate) fn seed(config: &Config, calendar: &WorkingCalendar) -> Self {
        let first = Plan::seed(config.offices.first(), calendar);
        let others = config.offices.all().skip(1).map(|office| Plan::seed(office, calendar)).collect();
        Self { newest: 0, first, others }
    }

    /// The plan of an office; without an id, of the first. None where there is no such office (any more).
    pub(crate) fn of(&self, office: &str) -> Option<&Plan> {
        if office.is_empty() { Some(&self.first) } else { self.all().find(|plan| plan.office == office) }
    }

    pub(crate) fn of_mut(&mut self, office: &str) -> Option<&mut Plan> {
        if office.is_empty() { Some(&mut self.first) } else { self.all_mut().find(|plan| plan.office == office) }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Plan> {
        std::iter::once(&self.first).chain(&self.others)
    }

    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Plan> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn plan(minutes: i64) -> Plan {
        let at = |hour| time(hour, 0, 0, 0);
        let open = Some(Opening { opens: at(9), closes: at(18), lunch_from: at(13), lunch_to: at(14) });
        Plan {
            office: "astana".to_owned(),
            version: 0,
            seed: Week {
                desks: 1,
                pick_up_desks: None,
                slot_minutes: minutes,
                days: [open, open, open, open, open, None, None],
            },
            weeks: BTreeMap::new(),
            days: BTreeMap::new(),
            calendar: WorkingCalendar::parse(kernel::calendar::KZ).unwrap(),
        }
    }

    #[test]
    fn no_slot_runs_into_lunch_or_past_closing() {
        for minutes in [5, 25, 30, 45, 50, 90, 240] {
            let starts = plan(minutes).slots(date(2026, 11, 24));
            assert!(!starts.is_empty());
            for start in starts {
                let end = start.checked_add(minutes.minutes()).unwrap();
                assert!(start.time() >= time(9, 0, 0, 0) && end.time() <= time(18, 0, 0, 0), "{start}");
                assert!(end.time() <= time(13, 0, 0, 0) || start.time() >= time(14, 0, 0, 0), "{start}");
            }
        }
    }

    #[test]
    fn a_holiday_is_closed_and_a_swapped_day_is_open() {
        let plan = plan(30);
        assert!(plan.slots(date(2026, 12, 16)).is_empty());
        assert!(plan.slots(date(2026, 11, 22)).is_empty());
        // A Saturday that was worked in exchange.
        assert_eq!(plan.slots(date(2024, 5, 4)).len(), 16);
    }

    #[test]
    fn a_week_counts_from_its_date_and_a_day_of_its_own_before_all() {
        let mut plan = plan(30);
        let mut later = plan.seed.clone();
        later.slot_minutes = 60;
        plan.weeks.insert(date(2026, 11, 25), later);
        plan.days.insert(date(2026, 11, 27), None);
        plan.days.insert(date(2026, 12, 16), plan.seed.of(Weekday::Monday));
        let slots = |day| plan.slots(day).len();
        assert_eq!([slots(date(2026, 11, 24)), slots(date(2026, 11, 25))], [16, 8]);
        assert_eq!([slots(date(2026, 11, 27)), slots(date(2026, 12, 16))], [0, 8]);
    }
}
