//! A span of days, both ends included, as reports and exports are asked for.

use jiff::{ToSpan as _, civil::Date};

use crate::{
    codes::{DATE_ORDER, SPAN_TOO_LONG},
    refusal::{Refusal, Violations},
    time::parse_date,
};

/// Days of the longest period.
const DAYS_MAX: i32 = 366;

/// From the first day to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    first: Date,
    last: Date,
}

impl Period {
    /// Two ISO dates in order, at most 366 days in all. Faults stand at "since" and "until".
    pub fn parse(since: &str, until: &str) -> Result<Self, Refusal> {
        let mut faults = Violations::new();
        let first = faults.check("since", parse_date(since));
        let last = faults.check("until", parse_date(until));
        if let (Some(first), Some(last)) = (first, last) {
            if last < first {
                faults.add("until", DATE_ORDER);
            } else if first.checked_add(DAYS_MAX.days()).is_ok_and(|limit| last >= limit) {
                faults.add("until", SPAN_TOO_LONG);
            } else {
                return Ok(Self { first, last });
            }
        }
        Err(faults.into_refusal())
    }

    pub fn first(&self) -> Date {
        self.first
    }

    pub fn last(&self) -> Date {
        self.last
    }

    /// Its calendar months, the first and the last perhaps in part.
    pub fn months(&self) -> Vec<Self> {
        let mut months = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let last = first.last_of_month().min(self.last);
            months.push(Self { first, last });
            match last.tomorrow() {
                Ok(next) => first = next,
                Err(_) => break,
            }
        }
        months
    }

    /// `2026-11`: the month of its first day.
    pub fn month(&self) -> String {
        self.first.strftime("%Y-%m").to_string()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

    use super::*;

    fn fault(since: &str, until: &str) -> String {
        Period::parse(since, until)
            .unwrap_err()
            .violations
            .iter()
            .map(|at| format!("{} {}", at.field, at.code))
            .collect()
    }

    #[test]
    fn a_period_is_at_most_a_leap_year_and_in_order() {
        let year = Period::parse("2028-01-01", "2028-12-31").unwrap();
        assert_eq!(year.months().len(), 12);
        assert_eq!(fault("2028-01-01", "2029-01-01"), "until SPAN_TOO_LONG");
        assert_eq!(fault("2028-01-02", "2028-01-01"), "until DATE_ORDER");
        assert_eq!(fault("2028-02-30", "2028-03-01"), "since DATE_MALFORMED");
    }

    #[test]
    fn its_months_are_whole_between_their_ends() {
        let months = Period::parse("2026-11-20", "2027-01-05").unwrap().months();
        let told: Vec<_> = months.iter().map(|of| format!("{} {}..{}", of.month(), of.first(), of.last())).collect();
        assert_eq!(
            told,
            ["2026-11 2026-11-20..2026-11-30", "2026-12 2026-12-01..2026-12-31", "2027-01 2027-01-01..2027-01-05"]
        );
    }
}
