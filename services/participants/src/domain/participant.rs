//! A participant of the centre as the registry knows it, and what a newer word on it changes.

use jiff::civil::Date;
use kernel::{Bin, Refusal, Violation, coded};
use serde::{Deserialize, Serialize};

use super::codes;

coded! {
    /// The registrar's word on a participant; only an active one is treated as such.
    Status {
        Active = "active",
        Suspended = "suspended",
        InLiquidation = "in_liquidation",
        StruckOff = "struck_off",
        Dissolved = "dissolved",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Participant {
    pub bin: Bin,
    pub name: String,
    pub status: Status,
    /// Since when the status holds.
    pub status_since: Option<Date>,
    /// Oldest first.
    pub former_names: Vec<String>,
    pub legal_form: String,
    pub registration_number: String,
    pub registered_on: Option<Date>,
    /// Of the regulator.
    pub licence_number: String,
    pub activities: Vec<String>,
    pub address: String,
    pub version: i64,
}

/// A field that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FieldChange {
    pub field: String,
    pub before: String,
    pub after: String,
}

impl Participant {
    /// Only an active participant may be named on an application.
    pub(crate) fn must_be_active(&self) -> Result<(), Refusal> {
        match self.status {
            Status::Active => Ok(()),
            Status::Suspended | Status::InLiquidation | Status::StruckOff | Status::Dissolved | Status::Withdrawn => {
                let violation = Violation::new("bin", codes::PARTICIPANT_INACTIVE)
                    .with("name", self.name.clone())
                    .with("status", self.status.code());
                Err(Refusal::invalid(vec![violation]))
            }
        }
    }

    /// What the registry knows after an imported row. What the row leaves empty stays as it is known, and a date of the
    /// former status is not taken for the new one's.
    pub(crate) fn after_import(&self, row: Self) -> Self {
        let or = |new: String, known: &String| if new.is_empty() { known.clone() } else { new };
        let kept_since = if row.status == self.status { self.status_since } else { None };
        self.after(Self {
            status_since: row.status_since.or(kept_since),
            legal_form: or(row.legal_form, &self.legal_form),
            registration_number: or(row.registration_number, &self.registration_number),
            registered_on: row.registered_on.or(self.registered_on),
            licence_number: or(row.licence_number, &self.licence_number),
            activities: if row.activities.is_empty() { self.activities.clone() } else { row.activities },
            address: or(row.address, &self.address),
            ..row
        })
    }

    /// The next version: a name once borne is never forgotten.
    pub(crate) fn after(&self, new: Self) -> Self {
        let mut former_names = self.former_names.clone();
        for name in new.former_names.into_iter().chain([self.name.clone()]) {
            if name != new.name && !former_names.contains(&name) {
                former_names.push(name);
            }
        }
        former_names.retain(|name| *name != new.name);
        let next = Self { former_names, version: self.version, bin: self.bin.clone(), ..new };
        if next == *self { next } else { Self { version: self.version + 1, ..next } }
    }

    /// What differs from an earlier version; from none, everything that is said.
    pub(crate) fn changes_since(&self, before: Option<&Self>) -> Vec<FieldChange> {
        let was = before.map(Self::fields);
        let field = |index: usize| was.as_ref().and_then(|fields| fields.get(index)).map(|(_, value)| value.clone());
        self.fields()
            .into_iter()
            .enumerate()
            .map(|(index, (name, after))| (name, field(index).unwrap_or_default(), after))
            .filter(|(_, before, after)| before != after)
            .map(|(name, before, after)| FieldChange { field: name.to_owned(), before, after })
            .collect()
    }

    fn fields(&self) -> [(&'static str, String); 10] {
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        [
            ("name", self.name.clone()),
            ("status", self.status.code().to_owned()),
            ("status_since", date(self.status_since)),
            ("former_names", self.former_names.join(" | ")),
            ("legal_form", self.legal_form.clone()),
            ("registration_number", self.registration_number.clone()),
            ("registered_on", date(self.registered_on)),
            ("licence_number", self.licence_number.clone()),
            ("activities", self.activities.join(" | ")),
            ("address", self.address.clone()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Participant {
        Participant {
            bin: Bin::parse("240140990004").unwrap(),
            name: name.to_owned(),
            status: Status::Active,
            status_since: None,
            former_names: Vec::new(),
            legal_form: String::new(),
            registration_number: String::new(),
            registered_on: None,
            licence_number: String::new(),
            activities: Vec::new(),
            address: String::new(),
            version: 1,
        }
    }

    #[test]
    fn an_import_keeps_former_names() {
        let first = row("Old Ltd.");
        assert_eq!(first.after_import(row("Old Ltd.")), first);
        let renamed = first.after_import(row("New Ltd."));
        assert_eq!((renamed.former_names.clone(), renamed.version), (vec!["Old Ltd.".to_owned()], 2));
        assert_eq!(renamed.after_import(row("New Ltd.")).version, 2);
    }

    #[test]
    fn what_an_import_does_not_say_stays_but_for_the_date_of_another_status() {
        let known = Participant {
            address: "Mangilik el 55".to_owned(),
            status_since: Some(jiff::civil::date(2024, 1, 15)),
            ..row("One Ltd.")
        };
        assert_eq!(known.after_import(row("One Ltd.")), known);
        let suspended = known.after_import(Participant { status: Status::Suspended, ..row("One Ltd.") });
        assert_eq!((suspended.status_since, suspended.address.as_str()), (None, "Mangilik el 55"));
        let changed: Vec<_> =
            suspended.changes_since(Some(&known)).into_iter().map(|change| (change.field, change.after)).collect();
        assert_eq!(
            changed,
            [("status".to_owned(), "suspended".to_owned()), ("status_since".to_owned(), String::new())]
        );
    }
}
