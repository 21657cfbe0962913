//! Zones, moments, dates, working days.

use jiff::civil::{Date, date};
use kernel::calendar::{CalendarError, KZ};
use kernel::{Time, WorkingCalendar, Zone, format_date, parse_date};
use proptest::prelude::*;

use crate::Test;

#[test]
fn refund_dates_of_the_domain() -> Test {
    let calendar = WorkingCalendar::parse(KZ)?;
    for (from, due) in [
        (date(2026, 11, 23), date(2027, 1, 29)),
        (date(2026, 12, 15), date(2027, 2, 22)),
        (date(2027, 2, 1), date(2027, 4, 12)),
    ] {
        assert_eq!(calendar.add_working_days(from, 45), due);
    }
    assert!(calendar.is_working(date(2026, 8, 31)) && !calendar.is_working(date(2027, 3, 15)));
    assert!(!calendar.is_working(date(2026, 3, 24)) && calendar.is_working(date(2024, 5, 4)));
    Ok(())
}

#[test]
fn faults_name_their_line() {
    let parse = WorkingCalendar::parse;
    assert_eq!(parse("# x\n2026-13-01 holiday"), Err(CalendarError::Date { line: 2 }));
    assert_eq!(parse("2026-01-01 feast"), Err(CalendarError::Line { line: 1 }));
    let twice = "2026-01-01 holiday\n\n2026-01-01 working";
    assert_eq!(parse(twice), Err(CalendarError::Twice { line: 3 }));
}

#[test]
fn moments_in_the_centres_zone() -> Test {
    let zone = Zone::parse("Asia/Almaty")?;
    let time = Time::parse_rfc3339("2024-06-12T19:12:00+05:00")?;
    assert_eq!(time.rfc3339(), "2024-06-12T14:12:00Z");
    assert_eq!(zone.format_moment(time), "12.06.2024 7:12 PM");
    assert_eq!(zone.time(zone.civil(time)), time);
    // Before 2024-03-01 the offset was +06:00.
    let winter = Time::parse_rfc3339("2024-02-12T18:30:00Z")?;
    assert_eq!(zone.format_moment(winter), "13.02.2024 12:30 AM");
    assert_eq!(zone.date(winter), date(2024, 2, 13));
    assert!(Zone::parse("Asia/Nowhere").is_err());
    Ok(())
}

#[test]
fn dates() -> Test {
    assert_eq!(parse_date(" 13.06.2024")?, date(2024, 6, 13));
    assert_eq!(parse_date("2024-06-13")?, date(2024, 6, 13));
    assert_eq!(format_date(date(2024, 6, 3)), "03.06.2024");
    for text in ["", "31.02.2024", "13/06/2024", "13.06.24", "2024-6", "+1.01.2024", "2024-06-13-1"] {
        assert!(parse_date(text).is_err(), "{text}");
    }
    Ok(())
}

fn any_date() -> impl Strategy<Value = Date> {
    (2024_i16..2028, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| date(y, m, d))
}

proptest! {
    #[test]
    fn working_days_add_up(from in any_date(), a in 0_u32..60, b in 0_u32..60) {
        let calendar = WorkingCalendar::parse(KZ).unwrap_or_default();
        let whole = calendar.add_working_days(from, a + b);
        prop_assert_eq!(calendar.add_working_days(calendar.add_working_days(from, a), b), whole);
        prop_assert!(a + b == 0 || calendar.is_working(whole));
        let mut counted = 0;
        let mut day = from;
        while day < whole {
            day = day.tomorrow().unwrap_or(Date::MAX);
            counted += u32::from(calendar.is_working(day));
        }
        prop_assert_eq!(counted, a + b);
    }

    #[test]
    fn dates_round_trip(day in any_date(), micros: i64) {
        prop_assert_eq!(parse_date(&format_date(day)), Ok(day));
        prop_assert_eq!(parse_date(&day.to_string()), Ok(day));
        let _ = Time::from_micros(micros).rfc3339();
        let micros = micros % 4_000_000_000_000_000;
        prop_assert_eq!(Time::from_jiff(Time::from_micros(micros).to_jiff()).micros(), micros);
    }
}
