//! Which days people work: Saturday and Sunday off, holidays off, swapped days on.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use crate::time::parse_date;

/// The calendar of Kazakhstan as shipped (DOMAIN section 4.2).
pub const KZ: &str = include_str!("../calendar/kz.txt");

/// Working days, from holidays and days worked in exchange.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkingCalendar {
    holidays: BTreeSet<Date>,
    working: BTreeSet<Date>,
}

impl WorkingCalendar {
    /// A calendar of these holidays and these extra working days.
    pub fn new(holidays: BTreeSet<Date>, working: BTreeSet<Date>) -> Self {
        Self { holidays, working }
    }

    /// Reads a file of lines `2026-01-01 holiday` or `2026-01-03 working`; `#` starts a comment.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let mut calendar = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            let content = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = content.split_whitespace().collect();
            let (date, kind) = match words.as_slice() {
                [] => continue,
                [date, kind] => (*date, *kind),
                _ => return Err(CalendarError::Line { line: line_number }),
            };
            let date = parse_date(date).map_err(|_| CalendarError::Date { line: line_number })?;
            let new = match kind {
                "holiday" => !calendar.working.contains(&date) && calendar.holidays.insert(date),
                "working" => !calendar.holidays.contains(&date) && calendar.working.insert(date),
                _ => return Err(CalendarError::Line { line: line_number }),
            };
            if !new {
                return Err(CalendarError::Twice { line: line_number });
            }
        }
        Ok(calendar)
    }

    /// Whether people work on this date.
    pub fn is_working(&self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.working.contains(&date) || (!weekend && !self.holidays.contains(&date))
    }

    /// Whether a date is off for another reason than being on a weekend.
    pub fn is_holiday(&self, date: Date) -> bool {
        self.holidays.contains(&date)
    }

    /// Whether people work on a date in exchange for another.
    pub fn is_swapped_in(&self, date: Date) -> bool {
        self.working.contains(&date)
    }

    /// The Nth working day after `date`; `date` itself for 0.
    pub fn add_working_days(&self, date: Date, days: u32) -> Date {
        (0..days).fold(date, |date, _| self.next_working(date))
    }

    /// The first working day after `date`.
    pub fn next_working(&self, date: Date) -> Date {
        let mut next = date;
        // The end of jiff's calendar is the only way out but a working day.
        while let Ok(tomorrow) = next.tomorrow() {
            next = tomorrow;
            if self.is_working(next) {
                break;
            }
        }
        next
    }

    /// How many working days lie after `first`, up to and with `last`; 0 where it lies no later.
    pub fn working_days_between(&self, first: Date, last: Date) -> u32 {
        let mut days = 0;
        let mut day = first;
        while let Ok(next) = day.tomorrow() {
            day = next;
            if day > last {
                break;
            }
            days += u32::from(self.is_working(day));
        }
        days
    }

    /// The last date the calendar says anything about; beyond it, only weekends are known.
    pub fn known_until(&self) -> Option<Date> {
        self.holidays.last().max(self.working.last()).copied()
    }
}

impl CalendarError {
    /// Where the fault is, counted from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Line { line } | Self::Date { line } | Self::Twice { line } => *line,
        }
    }
}

/// What is wrong with a calendar file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A line of another form.
    #[error("line {line}: expected a date and `holiday` or `working`")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// No such date.
    #[error("line {line}: not a date")]
    Date {
        /// Counted from 1.
        line: usize,
    },
    /// A date that already stands above.
    #[error("line {line}: the date already stands above")]
    Twice {
        /// Counted from 1.
        line: usize,
    },
}
