//! A statement of the centre's account: the bank's file read line by line, and what in a line names an invoice.

mod mt940;

use jiff::civil::Date;
use kernel::{Code, Money, coded, parse_date};

use super::codes;

/// Lines of one file at most.
const LINES_MAX: usize = 5_000;
/// Characters of a field that are kept.
const TEXT_MAX: usize = 400;
const REFERENCE_MAX: usize = 60;

coded! {
    /// Which way the money went.
    Direction {
        In = "in",
        Out = "out",
    }
}

coded! {
    /// What a column tells; the names that the bank's files give it stand in the README.
    Column {
        Date = "date",
        Reference = "reference",
        Debit = "debit",
        Credit = "credit",
        Sender = "sender",
        Purpose = "purpose",
    }
}

/// One line: so much came or went on a day, under the bank's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatementLine {
    pub number: usize,
    pub booked_on: Date,
    pub reference: String,
    pub direction: Direction,
    pub amount: Money,
    pub sender: String,
    pub purpose: String,
}

/// What is wrong with a line, by its number in the file.
pub(crate) type Fault = (usize, Code);

impl StatementLine {
    /// The same line in another file is the same money.
    pub(crate) fn key(&self) -> String {
        format!("{}|{}|{}|{}", self.booked_on, self.reference, self.direction.code(), self.amount.minor())
    }

    /// Two lines of one file that are alike are two payments: the second one has a key of its own, which it has again
    /// whenever the file comes again.
    pub(crate) fn key_after(&self, alike: u32) -> String {
        if alike == 0 { self.key() } else { format!("{}|{}", self.key(), alike + 1) }
    }

    /// Runs of so many digits that the purpose or the bank's number holds, and that could be a number of ours.
    pub(crate) fn digits(&self, length: usize) -> Vec<String> {
        let runs = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == length).map(str::to_owned).collect()
        };
        let mut found = [runs(&self.purpose), runs(&self.reference)].concat();
        found.sort();
        found.dedup();
        found
    }

    /// Everything in it that could be the bank's order number of a charge: six to fifteen digits.
    pub(crate) fn orders(&self) -> Vec<String> {
        (6..=15).flat_map(|length| self.digits(length)).collect()
    }

    /// The document numbers that the purpose may name: words with two slashes.
    pub(crate) fn documents(&self) -> Vec<String> {
        self.purpose
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '№'))
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.matches('/').count() == 2)
            .map(str::to_owned)
            .collect()
    }
}

/// Reads a file: MT940 where it looks like it, else a table. All faults are told at once.
pub(crate) fn parse(text: &str) -> Result<Vec<StatementLine>, Vec<Fault>> {
    let text = text.trim_start_matches('\u{feff}');
    let found = if mt940::is(text) { mt940::parse(text) } else { table(text)? };
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in found {
        if lines.len() + faults.len() >= LINES_MAX {
            faults.push((number, codes::STATEMENT_LONG));
            break;
        }
        match line {
            Ok(line) => lines.push(line),
            Err(code) => faults.push((number, code)),
        }
    }
    if lines.is_empty() && faults.is_empty() {
        faults.push((1, codes::STATEMENT_EMPTY));
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

/// What stands in a line of the file, by its number.
type Read = (usize, Result<StatementLine, Code>);

/// A header that names the columns, then a line for each movement.
fn table(text: &str) -> Result<Vec<Read>, Vec<Fault>> {
    let header = text.lines().find(|row| !row.trim().is_empty()).unwrap_or_default();
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let (mut place, mut read, mut lines) = (None, Vec::new(), LineNumbers { text, at: 0, number: 1 });
    for record in reader.records() {
        let Ok(record) = record else { return Err(vec![(1, codes::STATEMENT_HEADER)]) };
        let number = lines.of(record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(0)));
        match &place {
            None => place = Some(columns(&record).ok_or_else(|| vec![(number, codes::STATEMENT_HEADER)])?),
            Some(columns) => {
                let field = |wanted: Column| {
                    let at = columns.iter().position(|known| *known == Some(wanted));
                    at.and_then(|at| record.get(at)).map_or("", str::trim)
                };
                read.push((number, line(number, &field)));
            }
        }
    }
    if place.is_some() { Ok(read) } else { Err(vec![(1, codes::STATEMENT_HEADER)]) }
}

/// Where records stand, one after another; blank lines before one are counted.
struct LineNumbers<'a> {
    text: &'a str,
    at: usize,
    number: usize,
}

impl LineNumbers<'_> {
    fn of(&mut self, start: usize) -> usize {
        let blank = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let start = start + rest.iter().take_while(|byte| blank(byte)).count();
        let passed = self.text.as_bytes().get(self.at..start).unwrap_or_default();
        self.number += passed.iter().filter(|byte| **byte == b'\n').count();
        self.at = start;
        self.number
    }
}

/// What each column tells; none where one is missing.
fn columns(header: &csv::StringRecord) -> Option<Vec<Option<Column>>> {
    let columns: Vec<Option<Column>> = header.iter().map(column).collect();
    let needed = [Column::Date, Column::Reference, Column::Debit, Column::Credit, Column::Purpose];
    needed.into_iter().all(|wanted| columns.contains(&Some(wanted))).then_some(columns)
}

fn line<'a>(number: usize, field: &impl Fn(Column) -> &'a str) -> Result<StatementLine, Code> {
    let booked_on = date(field(Column::Date)).ok_or(codes::STATEMENT_DATE)?;
    let reference = field(Column::Reference);
    if reference.is_empty() || reference.chars().count() > REFERENCE_MAX {
        return Err(codes::STATEMENT_REFERENCE);
    }
    let (debit, credit) = (sum(field(Column::Debit))?, sum(field(Column::Credit))?);
    let (direction, amount) = match (debit, credit) {
        (None, Some(amount)) => (Direction::In, amount),
        (Some(amount), None) => (Direction::Out, amount),
        (None, None) | (Some(_), Some(_)) => return Err(codes::STATEMENT_SUM),
    };
    let text = |column| field(column).chars().take(TEXT_MAX).collect();
    let (sender, purpose) = (text(Column::Sender), text(Column::Purpose));
    Ok(StatementLine { number, booked_on, reference: reference.to_owned(), direction, amount, sender, purpose })
}

/// `10 000,50`, `10000.50`; none where nothing or zero stands there.
fn sum(text: &str) -> Result<Option<Money>, Code> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect::<String>().replace(',', ".");
    if plain.is_empty() {
        return Ok(None);
    }
    let money = Money::parse_decimal(&plain, kernel::Currency::home()).map_err(|_| codes::STATEMENT_SUM)?;
    if money.minor() < 0 {
        return Err(codes::STATEMENT_SUM);
    }
    Ok(Some(money).filter(Money::is_positive))
}

/// `27.11.2026` or `2026-11-27`, a time after it aside.
fn date(text: &str) -> Option<Date> {
    parse_date(text.split([' ', 'T']).next()?).ok()
}

fn column(name: &str) -> Option<Column> {
    match name.trim().to_lowercase().as_str() {
        "date" | "дата" | "дата операции" | "күні" => Some(Column::Date),
        "reference" | "document number" | "номер документа" | "референс" | "құжат нөмірі" => {
            Some(Column::Reference)
        }
        "debit" | "дебет" => Some(Column::Debit),
        "credit" | "кредит" => Some(Column::Credit),
        "sender" | "correspondent" | "корреспондент" | "отправитель" | "жіберуші" => {
            Some(Column::Sender)
        }
        "purpose" | "назначение платежа" | "назначение" | "төлем мақсаты" => {
            Some(Column::Purpose)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_or_told_line_by_line() {
        let file = "\u{feff}Дата;Номер документа;Дебет;Кредит;Корреспондент;Назначение платежа\r\n\
                    27.11.2026 10:15;PD-1;;10 000,50;\"ТОО \"\"Пример; и Ко\"\"\";Ref 400481, invoice P-O/2026/12.\r\n\r\n\
                    2026-11-28;PD-2;5000;0.00;;Refund\n";
        let lines = parse(file).unwrap();
        assert_eq!((lines.len(), lines[0].amount, lines[0].direction), (2, Money::home(1_000_050), Direction::In));
        assert_eq!((lines[0].sender.as_str(), lines[0].digits(6)), ("ТОО \"Пример; и Ко\"", vec!["400481".to_owned()]));
        assert_eq!((lines[1].number, lines[1].direction), (4, Direction::Out));
        assert_eq!(lines[0].documents(), ["P-O/2026/12"]);
        let wrong = "date,reference,debit,credit,purpose\nsoon,A,,1,x\n2026-11-27,,,1,x\n2026-11-27,A,1,1,x\n2026-11-27,A,,ten,x\n";
        let expected = [
            (2, codes::STATEMENT_DATE),
            (3, codes::STATEMENT_REFERENCE),
            (4, codes::STATEMENT_SUM),
            (5, codes::STATEMENT_SUM),
        ];
        assert_eq!(parse(wrong).unwrap_err(), expected);
        assert_eq!(parse("").unwrap_err(), [(1, codes::STATEMENT_HEADER)]);
        assert_eq!(parse("date,sum\n").unwrap_err(), [(1, codes::STATEMENT_HEADER)]);
        assert_eq!(parse("date,reference,debit,credit,purpose\n").unwrap_err(), [(1, codes::STATEMENT_EMPTY)]);
    }

    #[test]
    fn the_readme_names_the_columns() {
        let readme = include_str!("../../README.md");
        for column in Column::ALL {
            assert!(readme.contains(&format!("| `{}` |", column.code())), "README.md lacks {}", column.code());
        }
    }
}
