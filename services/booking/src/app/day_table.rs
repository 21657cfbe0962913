//! Many days of an office at once, from a table that somebody brings in: each wrong line is named, and nothing is kept then.

use std::collections::HashMap;

use chassis::{Error, Tx, auth::permit};
use jiff::civil::Date;
use kernel::{Actor, Code, Refusal, Violation, parse_date};
use proto::booking::v1 as pb;

use super::{
    Ports,
    office::{self, Change, Own},
};
use crate::{domain::codes, store::office_edition::Model};

/// Lines of one table.
const LINES_MAX: usize = 1000;

/// One day of a table.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Line {
    pub date: Date,
    pub own: Own,
    #[serde(default)]
    pub note: String,
}

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::ImportDaysRequest,
) -> Result<pb::Hours, Error> {
    permit::staff(actor, office::HOURS)?;
    let whose = office::named(ports, &command.office_id)?;
    let today = ports.context.zone.date(ports.context.sources.now());
    let (mut lines, mut faults) = (Vec::<Line>::new(), Vec::new());
    for (index, text) in command.table.trim_start_matches('\u{feff}').lines().enumerate() {
        let text = text.trim();
        let heading = index == 0 && text.to_ascii_lowercase().starts_with("date");
        if text.is_empty() || heading || text.starts_with('#') {
            continue;
        }
        match read(text, today) {
            // The same day twice leaves open which of them is meant.
            Ok(line) if lines.iter().any(|known| known.date == line.date) => {
                faults.push(fault(index + 1, codes::DAY_LINE_MALFORMED));
            }
            Ok(line) => lines.push(line),
            Err(code) => faults.push(fault(index + 1, code)),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults).into());
    }
    if lines.is_empty() || lines.len() > LINES_MAX {
        return Err(Error::at("table", codes::DAYS_NONE));
    }
    let first = lines.iter().map(|line| line.date).min().map(|day| day.to_string()).unwrap_or_default();
    let change =
        Change { part: "days", office: Some(whose), from: first, body: office::json(&lines)?, note: &command.note };
    office::write(tx, ports, actor, whose, command.version, change, command.displace).await
}

fn fault(line: usize, code: Code) -> Violation {
    Violation::new(format!("lines[{line}]"), code).with("line", line.to_string())
}

/// `2026-12-31;09:00;13:00;;;short day`, `2027-01-02,closed`, `2027-01-03,usual`.
fn read(text: &str, today: Date) -> Result<Line, Code> {
    let parted = if text.contains(';') { ';' } else { ',' };
    let cells: Vec<&str> = text.splitn(6, parted).map(|cell| cell.trim().trim_matches('"').trim()).collect();
    let cell = |index: usize| cells.get(index).copied().unwrap_or_default();
    let date = parse_date(cell(0)).map_err(|_| codes::DAY_LINE_MALFORMED)?;
    if date < today {
        return Err(codes::DAY_LINE_PAST);
    }
    let own = match cell(1) {
        "closed" => Own::Closed,
        "usual" => Own::Usual,
        "" => return Err(codes::DAY_LINE_MALFORMED),
        opens => {
            let [opens, closes, lunch_from, lunch_to] = [opens, cell(2), cell(3), cell(4)].map(str::to_owned);
            let asked = pb::Opening { open: true, opens, closes, lunch_from, lunch_to };
            office::opening(&asked).map_err(|_| codes::DAY_LINE_HOURS)?.map_or(Own::Closed, Own::Open)
        }
    };
    Ok(Line { date, own, note: cell(5).chars().take(500).collect() })
}

/// What was noted of each day last, by its date, in the editions of one office.
pub(crate) fn notes(editions: &[Model]) -> HashMap<String, String> {
    let mut notes = HashMap::new();
    for edition in editions {
        match edition.part.as_str() {
            "day" => drop(notes.insert(edition.from_date.clone(), edition.note.clone())),
            "days" => {
                let lines: Vec<Line> = serde_json::from_str(&edition.body).unwrap_or_default();
                for line in lines {
                    let note = if line.note.is_empty() { edition.note.clone() } else { line.note };
                    notes.insert(line.date.to_string(), note);
                }
            }
            _ => {}
        }
    }
    notes
}
