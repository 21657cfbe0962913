//! When the office can be visited: slots of a working day, lunch left out.

use jiff::{
    ToSpan as _,
    civil::{Date, DateTime},
};
use kernel::WorkingCalendar;

use crate::config::{Config, Office};

/// Starts of all slots of a day, in the office's civil time; none on a day off.
pub(crate) fn slots(office: &Office, calendar: &WorkingCalendar, day: Date) -> Vec<DateTime> {
    if !calendar.is_working(day) {
        return Vec::new();
    }
    let (opens, closes) = (day.to_datetime(office.opens), day.to_datetime(office.closes));
    let (lunch_from, lunch_to) = (day.to_datetime(office.lunch_from), day.to_datetime(office.lunch_to));
    let length = office.slot_minutes.minutes();
    let mut starts = Vec::new();
    let mut start = opens;
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

/// The working days on which a visit may be booked now.
pub(crate) fn days(config: &Config, calendar: &WorkingCalendar, today: Date) -> Vec<Date> {
    (config.days_ahead_min..=config.days_ahead_max)
        .filter_map(|ahead| today.checked_add(ahead.days()).ok())
        .filter(|day| calendar.is_working(*day))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn office(minutes: i64) -> Office {
        Office {
            id: "o".to_owned(),
            name: kernel::Localized::default(),
            address: kernel::Localized::default(),
            opens: time(9, 0, 0, 0),
            closes: time(18, 0, 0, 0),
            lunch_from: time(13, 0, 0, 0),
            lunch_to: time(14, 0, 0, 0),
            slot_minutes: minutes,
            slot_capacity: 1,
        }
    }

    #[test]
    fn no_slot_runs_into_lunch_or_past_closing() {
        let calendar = WorkingCalendar::parse(kernel::calendar::KZ).unwrap();
        for minutes in [5, 25, 30, 45, 50, 90, 240] {
            let office = office(minutes);
            let starts = slots(&office, &calendar, date(2026, 11, 24));
            assert!(!starts.is_empty());
            for start in starts {
                let end = start.checked_add(minutes.minutes()).unwrap();
                assert!(start.time() >= office.opens && end.time() <= office.closes, "{start}");
                assert!(end.time() <= office.lunch_from || start.time() >= office.lunch_to, "{start}");
            }
        }
    }

    #[test]
    fn a_holiday_has_no_slots() {
        let calendar = WorkingCalendar::parse(kernel::calendar::KZ).unwrap();
        assert!(slots(&office(30), &calendar, date(2026, 12, 16)).is_empty());
        assert!(slots(&office(30), &calendar, date(2026, 11, 22)).is_empty());
    }
}
