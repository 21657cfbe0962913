//! booking's settings: the office and its hours.

use std::time::Duration;

use chassis::config::Validate;
use jiff::civil::Time;
use kernel::Localized;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub days_ahead_min: i32,
    pub days_ahead_max: i32,
    pub hold_minutes: u64,
    pub moves_max: i32,
    pub remind_hours: u64,
    pub release_hours: u64,
    pub late_minutes: u64,
    pub missed_max: usize,
    pub calendar_file: String,
    pub office: Office,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    pub id: String,
    pub name: Localized,
    pub address: Localized,
    pub opens: Time,
    pub closes: Time,
    pub lunch_from: Time,
    pub lunch_to: Time,
    pub slot_minutes: i64,
    pub slot_capacity: i32,
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let office = &self.office;
        if !(5..=480).contains(&office.slot_minutes) || office.slot_capacity < 1 {
            faults.push("office: slot_minutes must be 5 to 480, slot_capacity 1 or more".to_owned());
        }
        if !(office.opens < office.lunch_from
            && office.lunch_from <= office.lunch_to
            && office.lunch_to < office.closes)
        {
            faults.push("office: opens, lunch_from, lunch_to, closes must follow each other".to_owned());
        }
        if self.days_ahead_min < 0 || self.days_ahead_max < self.days_ahead_min || self.days_ahead_max > 366 {
            faults.push("days_ahead_min, days_ahead_max: must be 0 to 366, in this order".to_owned());
        }
        if !(1..=120).contains(&self.hold_minutes) {
            faults.push("hold_minutes: must be 1 to 120".to_owned());
        }
        if self.release_hours >= self.remind_hours || self.remind_hours > 24 * 14 {
            faults.push("release_hours must be less than remind_hours, which is at most 336".to_owned());
        }
        faults
    }
}

impl Config {
    /// How late a visitor may come and keep his turn, by his case's own rule or by the office's.
    pub(crate) fn patience(&self, own_minutes: Option<u32>) -> Duration {
        Duration::from_mins(own_minutes.map_or(self.late_minutes, u64::from))
    }

    pub(crate) fn hold(&self) -> Duration {
        Duration::from_mins(self.hold_minutes)
    }

    /// How long before a visit it is asked whether anybody will come.
    pub(crate) fn remind_before(&self) -> Duration {
        Duration::from_hours(self.remind_hours)
    }

    /// How long before a visit it is given to others; none where it is kept.
    pub(crate) fn release_before(&self) -> Option<Duration> {
        (self.release_hours > 0).then(|| Duration::from_hours(self.release_hours))
    }

    /// How long whoever is asked has at least to answer.
    pub(crate) fn answer_within(&self) -> Duration {
        (self.remind_before() - Duration::from_hours(self.release_hours)) / 2
    }
}
