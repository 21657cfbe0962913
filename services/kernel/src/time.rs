//! Moments, dates and the centre's zone. Values only: nothing here reads a clock.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::refusal::{Code, ErrorCode};

/// A moment: UTC microseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(i64);

impl Time {
    /// From stored microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(&self) -> i64 {
        self.0
    }

    /// As jiff's type; held to its range.
    pub fn to_jiff(&self) -> Timestamp {
        let outer = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(self.0).unwrap_or(outer)
    }

    /// From jiff's type, cut to microseconds.
    pub fn from_jiff(timestamp: Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }

    /// Later by so much.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros_of(duration)))
    }

    /// Earlier by so much.
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros_of(duration)))
    }

    /// How long after `earlier`; nothing if before it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or_default())
    }

    /// RFC 3339 in UTC: `2024-06-12T14:12:00Z`.
    pub fn rfc3339(&self) -> String {
        self.to_jiff().to_string()
    }

    /// Parses RFC 3339 with any offset.
    pub fn parse_rfc3339(text: &str) -> Result<Self, DateError> {
        text.parse().map(Self::from_jiff).map_err(|_| DateError::Time)
    }
}

fn micros_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// The zone in which calendar dates are meant: the centre's, from configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Finds a zone by its name, such as `Asia/Almaty`.
    pub fn parse(name: &str) -> Result<Self, DateError> {
        TimeZone::get(name).map(Self).map_err(|_| DateError::Zone)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The date there at a moment.
    pub fn date(&self, time: Time) -> Date {
        self.civil(time).date()
    }

    /// Date and clock there at a moment.
    pub fn civil(&self, time: Time) -> DateTime {
        self.0.to_datetime(time.to_jiff())
    }

    /// The moment of a date and clock there (the earlier one where a clock hour happens twice).
    pub fn time(&self, civil: DateTime) -> Time {
        self.0.to_timestamp(civil).map_or(Time::from_jiff(Timestamp::MAX), Time::from_jiff)
    }

    /// The first moment of a date there.
    pub fn start_of(&self, date: Date) -> Time {
        self.time(date.at(0, 0, 0, 0))
    }

    /// As pages print moments: `06.12.2024 7:12 PM`.
    pub fn format_moment(&self, time: Time) -> String {
        let civil = self.civil(time);
        format!("{} {}", format_date(civil.date()), format_clock(civil))
    }
}

/// As pages print the clock: `7:12 PM`.
pub fn format_clock(civil: DateTime) -> String {
    let half = if civil.hour() < 12 { "AM" } else { "PM" };
    let hour = match civil.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{hour}:{:02} {half}", civil.minute())
}

/// As pages print dates: `13.06.2024`.
pub fn format_date(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

/// Parses `dd.MM.yyyy` or `yyyy-MM-dd`.
pub fn parse_date(text: &str) -> Result<Date, DateError> {
    let text = text.trim();
    let (parts, first_is_year) = if text.contains('.') {
        (text.split('.').collect::<Vec<_>>(), false)
    } else {
        (text.split('-').collect::<Vec<_>>(), true)
    };
    let [first, middle, last] = parts.as_slice() else {
        return Err(DateError::Date);
    };
    let (year, day) = if first_is_year { (first, last) } else { (last, first) };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let plain = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if plain { text.parse::<i16>().map_err(|_| DateError::Date) } else { Err(DateError::Date) }
    };
    let small = |text: &str| number(text, 1..=2).and_then(|n| i8::try_from(n).map_err(|_| DateError::Date));
    Date::new(number(year, 4..=4)?, small(middle)?, small(day)?).map_err(|_| DateError::Date)
}

/// Why a text is no date, moment or zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not a date.
    #[error("not a date (dd.MM.yyyy)")]
    Date,
    /// Not a moment.
    #[error("not a moment (RFC 3339)")]
    Time,
    /// Not a zone.
    #[error("no such time zone")]
    Zone,
}

impl ErrorCode for DateError {
    fn code(&self) -> Code {
        match self {
            Self::Date => codes::DATE_MALFORMED,
            Self::Time => codes::TIME_MALFORMED,
            Self::Zone => codes::ZONE_UNKNOWN,
        }
    }
}
