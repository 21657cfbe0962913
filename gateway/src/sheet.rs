//! A table that somebody takes with him, as CSV or as a workbook.

use axum::response::Response;
use proto::common::v1::Money;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::pages::attachment;
use crate::problem::Problem;

pub(crate) const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// How long a sheet's name may be.
const NAME_MAX: usize = 31;
/// Widest column, in characters.
const WIDTH_MAX: u16 = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Number(u64),
    /// Tiyn; written in the currency's main unit.
    Sum(i64),
    /// Basis points; written as per cent.
    Rate(u32),
}

impl Cell {
    pub(crate) fn sum(money: Option<&Money>) -> Self {
        Self::Sum(money.map_or(0, |money| money.amount_minor))
    }

    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Sum(minor) => hundredths(*minor),
            Self::Rate(points) => hundredths(i64::from(*points)),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A sum in the main unit, for programs.
pub(crate) fn hundredths(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    /// Without its ending.
    pub file_name: String,
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// As its address asks for: `csv` or `xlsx`.
    pub(crate) fn response(&self, ending: &str) -> Result<Response, Problem> {
        let name = format!("{}.{ending}", self.file_name);
        match ending {
            "csv" => Ok(attachment(&name, "text/csv", self.csv())),
            "xlsx" => {
                let book = self.xlsx().map_err(|error| {
                    tracing::error!(%error, "a workbook can't be written");
                    Problem::internal()
                })?;
                Ok(attachment(&name, WORKBOOK, book))
            }
            _ => Err(Problem::not_found()),
        }
    }

    /// Comma-separated UTF-8 with the mark by which spreadsheets know it. What would be a formula is made a text.
    fn csv(&self) -> Vec<u8> {
        let mut written = "\u{feff}".as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut written);
        let mut line = |cells: Vec<String>| writer.write_record(cells);
        let mut done = line(self.columns.clone());
        for row in &self.rows {
            let cells = row.iter().map(|cell| match cell {
                Cell::Text(text) => harmless(text),
                Cell::Number(_) | Cell::Sum(_) | Cell::Rate(_) => cell.plain(),
            });
            done = done.and(line(cells.collect()));
        }
        // Nothing but memory is written to.
        debug_assert!(done.is_ok());
        drop(writer);
        written
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let (bold, sum) = (Format::new().set_bold(), Format::new().set_num_format("#,##0.00"));
        let sheet = book.add_worksheet();
        let forbidden = |sign: char| matches!(sign, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
        let name: String = self.title.chars().filter(|sign| !forbidden(*sign)).take(NAME_MAX).collect();
        if !name.trim().is_empty() {
            sheet.set_name(name.trim())?;
        }
        for (column, heading) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
            let widest = self.rows.iter().filter_map(|row| row.get(usize::from(column)));
            let widest = widest.map(|cell| cell.plain().chars().count()).chain([heading.chars().count()]).max();
            let width = u16::try_from(widest.unwrap_or(0)).unwrap_or(WIDTH_MAX).min(WIDTH_MAX);
            sheet.set_column_width(column, width.saturating_add(2))?;
        }
        for (row, cells) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                match cell {
                    Cell::Text(text) => sheet.write_string(row, column, text)?,
                    Cell::Number(number) => sheet.write_number(row, column, *number as f64)?,
                    Cell::Sum(minor) => sheet.write_number_with_format(row, column, *minor as f64 / 100.0, &sum)?,
                    Cell::Rate(points) => sheet.write_number(row, column, f64::from(*points) / 100.0)?,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        book.save_to_buffer()
    }
}

/// A spreadsheet takes what begins like this for a formula, whoever wrote it.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_payer_calls_himself_is_no_formula() {
        let sheet = Sheet {
            columns: vec!["Name, first".to_owned()],
            rows: vec![vec!["=HYPERLINK(1)".into()], vec![Cell::Sum(-105)], vec!["a \"b\"".into()]],
            ..Sheet::default()
        };
        let text = String::from_utf8(sheet.csv()).unwrap_or_default();
        assert_eq!(text, "\u{feff}\"Name, first\"\r\n'=HYPERLINK(1)\r\n-1.05\r\n\"a \"\"b\"\"\"\r\n");
    }
}
