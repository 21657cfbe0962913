//! booking's settings: the office and its hours.

use chassis::config::Validate;
use jiff::civil::Time;
use kernel::Localized;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub days_ahead_min: i32,
    pub days_ahead_max: i32,
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
        faults
    }
}
