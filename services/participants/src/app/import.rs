//! Imports rows of the registry: all of them or, where one is faulty, none.

use std::collections::HashSet;

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{Actor, Bin, LineText, Role, Scope, Violation, Violations};
use proto::participants::v1::{ImportParticipantsResponse, Participant as Row};

use super::Ports;
use crate::{
    domain::{
        codes,
        participant::{Participant, Status},
    },
    store,
};

/// Faults told at once; more would not fit an answer's head.
const FAULTS_MAX: usize = 50;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    rows: Vec<Row>,
) -> Result<ImportParticipantsResponse, Error> {
    permit::staff_or_scope(actor, &[Role::Admin], Scope::ParticipantsImport)?;
    let rows = check(rows, ports.config.import_rows_max)?;
    let known = store::by_bins(&**tx, rows.iter().map(|row| &row.bin)).await?;
    let mut answer = ImportParticipantsResponse::default();
    let mut changed = Vec::new();
    for row in rows {
        match known.get(&row.bin) {
            None => {
                answer.added += 1;
                changed.push(row);
            }
            Some(before) => {
                let after = before.after(row);
                if after == *before {
                    answer.unchanged += 1;
                } else {
                    answer.changed += 1;
                    changed.push(after);
                }
            }
        }
    }
    store::put(tx, &changed).await?;
    let detail = format!("added {} changed {} unchanged {}", answer.added, answer.changed, answer.unchanged);
    audit::record(tx, &ports.context.sources, actor, "PARTICIPANTS_IMPORTED", "participants", &detail).await?;
    Ok(answer)
}

/// All rows, or what is wrong with the first faulty ones.
pub(crate) fn check(rows: Vec<Row>, rows_max: usize) -> Result<Vec<Participant>, Error> {
    if rows.is_empty() {
        return Err(Error::at("rows", codes::ROWS_NONE));
    }
    if rows.len() > rows_max {
        let violation = Violation::new("rows", codes::ROWS_TOO_MANY).with("max", rows_max.to_string());
        return Err(kernel::Refusal::invalid(vec![violation]).into());
    }
    let mut faults = Faults::default();
    let mut seen = HashSet::new();
    let mut checked = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        checked.extend(check_row(row, index, &mut seen, &mut faults));
        if faults.count >= FAULTS_MAX {
            break;
        }
    }
    faults.noted.into_result(checked).map_err(Error::from)
}

#[derive(Default)]
struct Faults {
    noted: Violations,
    count: usize,
}

impl Faults {
    fn check<T, E: kernel::ErrorCode>(&mut self, field: String, result: Result<T, E>) -> Option<T> {
        self.count += usize::from(result.is_err());
        self.noted.check(field, result)
    }

    fn add(&mut self, field: String, code: kernel::Code) {
        self.count += 1;
        self.noted.add(field, code);
    }

    fn line(&mut self, field: String, text: &str) -> Option<String> {
        if text.trim().is_empty() {
            return Some(String::new());
        }
        self.check(field, LineText::<100>::parse(text)).map(String::from)
    }
}

fn check_row(row: &Row, index: usize, seen: &mut HashSet<Bin>, faults: &mut Faults) -> Option<Participant> {
    let field = |name: &str| format!("rows[{index}].{name}");
    let bin = faults.check(field("bin"), Bin::parse(&row.bin));
    if let Some(bin) = &bin
        && !seen.insert(bin.clone())
    {
        faults.add(field("bin"), codes::BIN_TWICE);
    }
    let name = faults.check(field("name"), LineText::<300>::parse(&row.name));
    let status = Status::parse(&row.status);
    if status.is_none() {
        faults.add(field("status"), codes::STATUS_UNKNOWN);
    }
    let mut former_names = Vec::with_capacity(row.former_names.len());
    for (place, former) in row.former_names.iter().enumerate() {
        let former = faults.check(field(&format!("former_names[{place}]")), LineText::<300>::parse(former));
        former_names.extend(former.map(String::from));
    }
    let legal_form = faults.line(field("legal_form"), &row.legal_form);
    let registration_number = faults.line(field("registration_number"), &row.registration_number);
    let registered_on = if row.registered_on.trim().is_empty() {
        None
    } else {
        faults.check(field("registered_on"), kernel::parse_date(&row.registered_on))
    };
    Some(Participant {
        bin: bin?,
        name: name?.into(),
        status: status?,
        former_names,
        legal_form: legal_form?,
        registration_number: registration_number?,
        registered_on,
        version: 1,
    })
}
