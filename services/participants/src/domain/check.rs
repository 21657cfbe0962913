//! Rows of an import: every one right, or what is wrong with the first faulty ones.

use std::collections::HashSet;

use jiff::civil::Date;
use kernel::{Bin, LineText, Refusal, Violation, Violations};

use super::{
    codes,
    file::Row,
    participant::{Participant, Status},
};

/// Faults told at once; more would not fit an answer's head.
const FAULTS_MAX: usize = 50;
/// Entries of one list.
const LIST_MAX: usize = 50;

/// All rows of an import.
pub(crate) fn all(rows: &[Row], rows_max: usize) -> Result<Vec<Participant>, Refusal> {
    if rows.is_empty() {
        return Err(Refusal::at("rows", codes::ROWS_NONE));
    }
    if rows.len() > rows_max {
        let violation = Violation::new("rows", codes::ROWS_TOO_MANY).with("max", rows_max.to_string());
        return Err(Refusal::invalid(vec![violation]));
    }
    let mut faults = Faults::default();
    let mut seen = HashSet::new();
    let mut checked = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        faults.place = format!("rows[{index}].");
        let found = one_row(row, &mut faults);
        if let Some(participant) = &found
            && !seen.insert(participant.bin.clone())
        {
            faults.add("bin", codes::BIN_TWICE);
        }
        checked.extend(found);
        if faults.count >= FAULTS_MAX {
            break;
        }
    }
    faults.noted.into_result(checked)
}

/// One row by itself; faults stand at its fields.
pub(crate) fn one(row: &Row) -> Result<Participant, Refusal> {
    let mut faults = Faults::default();
    match one_row(row, &mut faults) {
        Some(participant) => faults.noted.into_result(participant),
        None => Err(faults.noted.into_refusal()),
    }
}

#[derive(Default)]
struct Faults {
    noted: Violations,
    count: usize,
    /// Before each field's name.
    place: String,
}

impl Faults {
    fn check<T, E: kernel::ErrorCode>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        self.count += usize::from(result.is_err());
        self.noted.check(format!("{}{field}", self.place), result)
    }

    fn add(&mut self, field: &str, code: kernel::Code) {
        self.count += 1;
        self.noted.add(format!("{}{field}", self.place), code);
    }

    /// A line that may be empty.
    fn line<const MAX: usize>(&mut self, field: &str, text: &str) -> Option<String> {
        if text.trim().is_empty() {
            return Some(String::new());
        }
        self.check(field, LineText::<MAX>::parse(text)).map(String::from)
    }

    fn list(&mut self, field: &str, entries: &[String]) -> Option<Vec<String>> {
        if entries.len() > LIST_MAX {
            self.add(field, codes::LIST_TOO_LONG);
            return None;
        }
        let parsed: Vec<_> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| self.check(&format!("{field}[{index}]"), LineText::<300>::parse(entry)))
            .collect();
        parsed.into_iter().map(|entry| entry.map(String::from)).collect()
    }

    /// A date that may be missing.
    fn date(&mut self, field: &str, text: &str) -> Option<Option<Date>> {
        if text.trim().is_empty() {
            return Some(None);
        }
        self.check(field, kernel::parse_date(text)).map(Some)
    }
}

fn one_row(row: &Row, faults: &mut Faults) -> Option<Participant> {
    let bin = faults.check("bin", Bin::parse(&row.bin));
    let name = faults.check("name", LineText::<300>::parse(&row.name));
    let status = Status::parse(row.status.trim());
    if status.is_none() {
        faults.add("status", codes::STATUS_UNKNOWN);
    }
    let former_names = faults.list("former_names", &row.former_names);
    let legal_form = faults.line::<100>("legal_form", &row.legal_form);
    let registration_number = faults.line::<100>("registration_number", &row.registration_number);
    let registered_on = faults.date("registered_on", &row.registered_on);
    let licence_number = faults.line::<100>("licence_number", &row.licence_number);
    let activities = faults.list("activities", &row.activities);
    let address = faults.line::<300>("address", &row.address);
    let status_since = faults.date("status_since", &row.status_since);
    Some(Participant {
        bin: bin?,
        name: name?.into(),
        status: status?,
        status_since: status_since?,
        former_names: former_names?,
        legal_form: legal_form?,
        registration_number: registration_number?,
        registered_on: registered_on?,
        licence_number: licence_number?,
        activities: activities?,
        address: address?,
        version: 1,
    })
}
