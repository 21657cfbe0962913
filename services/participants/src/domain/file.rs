//! Files of the register: CSV with a head line, or a JSON list.

use kernel::{Refusal, Violation};
use serde::Deserialize;

use super::codes;

/// Between the entries of a list in one cell.
const LIST: char = '|';
const REQUIRED: [&str; 3] = ["bin", "name", "status"];

/// A row as it was written; what it means is checked later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Row {
    pub bin: String,
    pub name: String,
    pub status: String,
    pub status_since: String,
    pub former_names: Vec<String>,
    pub legal_form: String,
    pub registration_number: String,
    pub registered_on: String,
    pub licence_number: String,
    pub activities: Vec<String>,
    pub address: String,
}

/// Reads a file of either kind.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Row>, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|fault| unreadable(line_at(bytes, fault.valid_up_to())))?;
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|fault| unreadable(fault.line()));
    }
    csv_rows(text)
}

fn csv_rows(text: &str) -> Result<Vec<Row>, Refusal> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|sign| head.as_bytes().contains(sign)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns: Vec<String> = reader
        .headers()
        .map_err(|fault| unreadable(line_of(&fault)))?
        .iter()
        .map(|name| name.to_lowercase().replace(' ', "_"))
        .collect();
    if let Some(missing) = REQUIRED.into_iter().find(|name| !columns.iter().any(|column| column == name)) {
        return Err(column(codes::COLUMN_MISSING, missing));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|fault| unreadable(line_of(&fault)))?;
        let mut row = Row::default();
        for (name, cell) in columns.iter().zip(record.iter()) {
            put(&mut row, name, cell).ok_or_else(|| column(codes::COLUMN_UNKNOWN, name))?;
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Puts a cell where its column belongs. `None`: there is no such column.
fn put(row: &mut Row, column: &str, cell: &str) -> Option<()> {
    let list = || cell.split(LIST).map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect();
    match column {
        "bin" => row.bin = cell.to_owned(),
        "name" => row.name = cell.to_owned(),
        "status" => row.status = cell.to_owned(),
        "status_since" => row.status_since = cell.to_owned(),
        "former_names" => row.former_names = list(),
        "legal_form" => row.legal_form = cell.to_owned(),
        "registration_number" => row.registration_number = cell.to_owned(),
        "registered_on" => row.registered_on = cell.to_owned(),
        "licence_number" => row.licence_number = cell.to_owned(),
        "activities" => row.activities = list(),
        "address" => row.address = cell.to_owned(),
        _ => return None,
    }
    Some(())
}

fn unreadable(line: usize) -> Refusal {
    Refusal::invalid(vec![Violation::new("file", codes::FILE_UNREADABLE).with("line", line.to_string())])
}

fn column(code: kernel::Code, name: &str) -> Refusal {
    let shown: String = name.chars().take(60).collect();
    Refusal::invalid(vec![Violation::new("file", code).with("column", shown)])
}

fn line_of(fault: &csv::Error) -> usize {
    fault.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1))
}

fn line_at(bytes: &[u8], offset: usize) -> usize {
    bytes.iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(file: &[u8]) -> (String, String) {
        let refusal = read(file).unwrap_err();
        let first = refusal.violations.first().unwrap();
        let told = first.params.values().next().cloned().unwrap_or_default();
        (first.code.as_str().to_owned(), told)
    }

    #[test]
    fn csv_and_json_say_the_same() {
        let json =
            r#"[{ "bin": "240140990004", "name": "Ёлка; Ltd.", "status": "active", "activities": ["Law", "Tax"] }]"#;
        let wanted = read(json.as_bytes()).unwrap();
        for csv in [
            "\u{feff}bin;name;status;activities\r\n240140990004;\"Ёлка; Ltd.\";active;Law | Tax\r\n",
            "BIN,Name,Status,Activities\n240140990004,Ёлка; Ltd.,active,Law|Tax",
            "bin\tname\tstatus\tactivities\n240140990004\tЁлка; Ltd.\tactive\tLaw|Tax\n",
        ] {
            // A semicolon in a quoted cell is no delimiter of a head line without one.
            assert_eq!(read(csv.as_bytes()).unwrap(), wanted, "{csv}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_told_with_its_line_or_column() {
        assert_eq!(refused(b"bin,name,status\n1,2,3\n4,5\n"), ("FILE_UNREADABLE".to_owned(), "3".to_owned()));
        assert_eq!(refused(b"bin,name,status\n\xff,2,3\n"), ("FILE_UNREADABLE".to_owned(), "2".to_owned()));
        assert_eq!(refused(b"[{\n \"bin\": 4 }]"), ("FILE_UNREADABLE".to_owned(), "2".to_owned()));
        assert_eq!(refused(b"bin,name\n1,2\n"), ("COLUMN_MISSING".to_owned(), "status".to_owned()));
        assert_eq!(refused(b"bin,name,status,owner\n1,2,3,4\n"), ("COLUMN_UNKNOWN".to_owned(), "owner".to_owned()));
        assert_eq!(refused(b""), ("COLUMN_MISSING".to_owned(), "bin".to_owned()));
    }
}
