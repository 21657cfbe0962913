//! Statements in SWIFT's MT940: `:61:` is a movement, `:86:` after it says what for; the account's currency stands in the
//! opening balance.

use jiff::civil::Date;
use kernel::{Code, Currency, Money};

use super::{Direction, REFERENCE_MAX, Read, StatementLine, TEXT_MAX};
use crate::domain::codes;

/// Whether a file is one.
pub(super) fn is(text: &str) -> bool {
    text.lines().any(|row| row.starts_with(":61:") || row.starts_with(":60F:") || row.starts_with(":60M:"))
}

/// A field with its continuation lines.
struct Field {
    number: usize,
    tag: String,
    rows: Vec<String>,
}

pub(super) fn parse(text: &str) -> Vec<Read> {
    let mut read: Vec<Read> = Vec::new();
    let mut foreign = false;
    let mut last = None;
    for field in fields(text) {
        let first = field.rows.first().map_or("", String::as_str);
        match field.tag.as_str() {
            // C261127KZT1234,56
            "60F" | "60M" => foreign = first.get(7..10) != Some(Currency::home().code()),
            "61" => {
                let line = if foreign { Err(codes::STATEMENT_SUM) } else { movement(field.number, first) };
                last = Some(read.len());
                read.push((field.number, line));
            }
            "86" => {
                if let Some((_, Ok(line))) = last.take().and_then(|at| read.get_mut(at)) {
                    describe(line, &field.rows.concat());
                }
            }
            // A description of the statement as a whole follows the closing balance.
            _ => last = None,
        }
    }
    read
}

/// `:61:…` begins a field; lines without a tag belong to the one before.
fn fields(text: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for (row, number) in text.lines().zip(1..) {
        let tagged = row.strip_prefix(':').and_then(|rest| rest.split_once(':'));
        match tagged {
            Some((tag, rest)) if (2..=3).contains(&tag.len()) => {
                fields.push(Field { number, tag: tag.to_owned(), rows: vec![rest.trim_end().to_owned()] });
            }
            _ => {
                let row = row.trim_end();
                // Blocks of the message around the text.
                if !row.starts_with('{') && row != "-}" && row != "-" {
                    if let Some(field) = fields.last_mut() {
                        field.rows.push(row.to_owned());
                    }
                }
            }
        }
    }
    fields
}

/// `2611271127CD10000,50NTRFPD-1//BANK-REF`: value date, perhaps entry date, credit or debit (or the reversal of one),
/// perhaps a letter, the sum, the kind of transaction, the reference, perhaps the bank's own.
fn movement(number: usize, row: &str) -> Result<StatementLine, Code> {
    let day = row.get(..6).ok_or(codes::STATEMENT_DATE)?;
    let part = |from: usize| day.get(from..from + 2).and_then(|digits| digits.parse::<i8>().ok());
    let (Some(year), Some(month), Some(of_month)) = (part(0), part(2), part(4)) else {
        return Err(codes::STATEMENT_DATE);
    };
    let booked_on = Date::new(2000 + i16::from(year), month, of_month).map_err(|_| codes::STATEMENT_DATE)?;
    let rest = row.get(6..).unwrap_or_default();
    let rest = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let (direction, rest) =
        [("RC", Direction::Out), ("RD", Direction::In), ("C", Direction::In), ("D", Direction::Out)]
            .into_iter()
            .find_map(|(mark, direction)| rest.strip_prefix(mark).map(|rest| (direction, rest)))
            .ok_or(codes::STATEMENT_SUM)?;
    let rest = rest.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
    let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != ',').unwrap_or(rest.len());
    let (sum, rest) = rest.split_at_checked(end).ok_or(codes::STATEMENT_SUM)?;
    let sum = sum.strip_suffix(',').unwrap_or(sum).replace(',', ".");
    let amount = Money::parse_decimal(&sum, Currency::home()).map_err(|_| codes::STATEMENT_SUM)?;
    if !amount.is_positive() {
        return Err(codes::STATEMENT_SUM);
    }
    // Four signs say what kind of transaction it was.
    let references = rest.get(4..).unwrap_or_default();
    let (own, banks) = references.split_once("//").unwrap_or((references, ""));
    let reference = if own.is_empty() || own == "NONREF" { banks } else { own }.trim();
    if reference.is_empty() || reference.chars().count() > REFERENCE_MAX {
        return Err(codes::STATEMENT_REFERENCE);
    }
    let (sender, purpose) = (String::new(), String::new());
    Ok(StatementLine { number, booked_on, reference: reference.to_owned(), direction, amount, sender, purpose })
}

/// `?20…?29` say what for, `?32` and `?33` who; without such marks all of it says what for.
fn describe(line: &mut StatementLine, text: &str) {
    let (mut purpose, mut sender) = (String::new(), String::new());
    match text.split_once('?') {
        None => purpose.push_str(text),
        Some((before, marked)) => {
            for part in marked.split('?') {
                match (part.get(..2).and_then(|mark| mark.parse::<u8>().ok()), part.get(2..)) {
                    (Some(20..=29 | 60..=63), Some(rest)) => purpose.push_str(rest),
                    (Some(32 | 33), Some(rest)) => sender.push_str(rest),
                    (Some(_), _) => {}
                    // A question mark in plain text.
                    (None, _) => purpose.push_str(part),
                }
            }
            if purpose.is_empty() {
                purpose.push_str(before);
            }
        }
    }
    line.purpose = purpose.chars().take(TEXT_MAX).collect();
    line.sender = sender.chars().take(TEXT_MAX).collect();
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail where it stands")]

    use super::super::parse;
    use super::*;

    const FILE: &str = "{1:F01ATYNKZKAXXX0000000000}{2:I940}{4:\r\n:20:STATEMENT\r\n:25:KZ149491100000810569\r\n:28C:12/1\r\n\
        :60F:C261126KZT1000000,00\r\n:61:2611271127CD10000,50NTRFPD-17//B-900\r\n\
        :86:?00TRANSFER?20Invoice P-O/2026/12, ?21ref 400481?32Example?33 LLP\r\n\
        :61:261128D5000,NTRFNONREF//B-901\r\nsupplement\r\n:86:Refund by order\r\n 17\r\n\
        :61:261129RC12,30NTRFPD-18\r\n:62F:C261129KZT1004988,20\r\n:86:the whole statement\r\n-}\r\n";

    #[test]
    fn movements_are_read_with_what_they_are_for() {
        let lines = parse(FILE).unwrap();
        let told: Vec<_> = lines.iter().map(|of| (of.reference.as_str(), of.direction, of.amount.minor())).collect();
        let expected =
            [("PD-17", Direction::In, 1_000_050), ("B-901", Direction::Out, 500_000), ("PD-18", Direction::Out, 1_230)];
        assert_eq!(told, expected);
        assert_eq!(
            (lines[0].documents(), lines[0].digits(6)),
            (vec!["P-O/2026/12".to_owned()], vec!["400481".to_owned()])
        );
        assert_eq!((lines[0].sender.as_str(), lines[1].purpose.as_str()), ("Example LLP", "Refund by order 17"));
        assert_eq!((lines[0].booked_on.to_string(), lines[2].purpose.as_str()), ("2026-11-27".to_owned(), ""));
    }

    #[test]
    fn each_fault_is_told_at_its_line() {
        let file = ":60F:C261126KZT0,00\n:61:261340C1,00NTRFA\n:61:261127X1,00NTRFA\n:61:261127C0,00NTRFA\n:61:261127C1,00NTRF\n:61:ж";
        let expected = [
            (2, codes::STATEMENT_DATE),
            (3, codes::STATEMENT_SUM),
            (4, codes::STATEMENT_SUM),
            (5, codes::STATEMENT_REFERENCE),
            (6, codes::STATEMENT_DATE),
        ];
        assert_eq!(parse(file).unwrap_err(), expected);
        let dollars = ":60F:C261126USD0,00\n:61:261127C1,00NTRFA\n";
        assert_eq!(parse(dollars).unwrap_err(), [(2, codes::STATEMENT_SUM)]);
        assert_eq!(parse(":60F:C261126KZT0,00\n").unwrap_err(), [(1, codes::STATEMENT_EMPTY)]);
    }
}
