//! booking's settings: the offices and their hours.

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
    pub offices: Offices,
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

/// At least one. Rows that were written before offices had names of their own belong to the first.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<Office>")]
pub struct Offices {
    first: Office,
    others: Vec<Office>,
}

impl TryFrom<Vec<Office>> for Offices {
    type Error = &'static str;

    fn try_from(all: Vec<Office>) -> Result<Self, Self::Error> {
        let mut all = all.into_iter();
        let first = all.next().ok_or("at least one office is needed")?;
        Ok(Self { first, others: all.collect() })
    }
}

impl Offices {
    pub(crate) fn first(&self) -> &Office {
        &self.first
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Office> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The office of an id; without one, the first.
    pub(crate) fn named(&self, id: &str) -> Option<&Office> {
        if id.is_empty() { Some(&self.first) } else { self.all().find(|office| office.id == id) }
    }

    /// What an office is called in rows: by its id, and the first also by nothing.
    pub(crate) fn keys(&self, id: &str) -> Vec<String> {
        let known_as_nothing = self.first.id == id;
        std::iter::once(id.to_owned()).chain(known_as_nothing.then(String::new)).collect()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.all().flat_map(Office::faults).collect();
        for (index, office) in self.all().enumerate() {
            if self.all().take(index).any(|other| other.id == office.id) {
                faults.push(format!("offices: two have the id '{}'", office.id));
            }
        }
        faults
    }
}

impl Office {
    /// Each fault begins with the office's id, since the places in a list are hard to count.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |told: &str| faults.push(format!("offices: '{}': {told}", self.id));
        let sign = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(sign) {
            fault("id must be 1 to 40 small letters, digits and hyphens");
        }
        if self.name.is_incomplete() || self.address.is_incomplete() {
            fault("name and address must be said in all three languages");
        }
        if !(5..=480).contains(&self.slot_minutes) || self.slot_capacity < 1 {
            fault("slot_minutes must be 5 to 480, slot_capacity 1 or more");
        }
        if !(self.opens < self.lunch_from && self.lunch_from <= self.lunch_to && self.lunch_to < self.closes) {
            fault("opens, lunch_from, lunch_to, closes must follow each other");
        }
        faults
    }
}

impl Validate for Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = self.offices.faults();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn office(id: &str) -> Office {
        let text = || Localized { en: "a".to_owned(), ru: "b".to_owned(), kk: "c".to_owned() };
        let at = |hour| jiff::civil::time(hour, 0, 0, 0);
        Office {
            id: id.to_owned(),
            name: text(),
            address: text(),
            opens: at(9),
            closes: at(18),
            lunch_from: at(13),
            lunch_to: at(14),
            slot_minutes: 30,
            slot_capacity: 1,
        }
    }

    #[test]
    fn offices_are_told_apart_and_their_faults_named() {
        assert!(Offices::try_from(Vec::new()).is_err());
        let sound = Offices::try_from(vec![office("astana"), office("almaty")]).unwrap();
        assert!(sound.faults().is_empty());
        assert_eq!([sound.keys("astana"), sound.keys("almaty")], [vec!["astana", ""], vec!["almaty"]]);
        let broken = Office { slot_capacity: 0, ..office("a/b") };
        let told = Offices::try_from(vec![office("astana"), broken, office("astana")]).unwrap().faults();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().any(|fault| fault == "offices: two have the id 'astana'"), "{told:?}");
    }
}
