//! A participant of the centre as the registry knows it.

use jiff::civil::Date;
use kernel::{Bin, Refusal, Violation, coded};

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
}}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Participant {
    pub bin: Bin,
    pub name: String,
    pub status: Status,
    /// Oldest first.
    pub former_names: Vec<String>,
    pub legal_form: String,
    pub registration_number: String,
    pub registered_on: Option<Date>,
    pub version: i64,
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

    /// What the registry knows after an imported row: a name once borne is never forgotten.
    pub(crate) fn after(&self, row: Self) -> Self {
        let mut former_names = self.former_names.clone();
        for name in row.former_names.into_iter().chain([self.name.clone()]) {
            if name != row.name && !former_names.contains(&name) {
                former_names.push(name);
            }
        }
        former_names.retain(|name| *name != row.name);
        let merged = Self { former_names, version: self.version, ..row };
        if merged == *self { merged } else { Self { version: self.version + 1, ..merged } }
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
            former_names: Vec::new(),
            legal_form: String::new(),
            registration_number: String::new(),
            registered_on: None,
            version: 1,
        }
    }

    #[test]
    fn an_import_keeps_former_names() {
        let first = row("Old Ltd.");
        assert_eq!(first.after(row("Old Ltd.")), first);
        let renamed = first.after(row("New Ltd."));
        assert_eq!((renamed.former_names.clone(), renamed.version), (vec!["Old Ltd.".to_owned()], 2));
        assert_eq!(renamed.after(row("New Ltd.")).version, 2);
    }
}
