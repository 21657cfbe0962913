//! Whom a breach concerns: who of the staff read which cases and papers within some days, as a file for telling people.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use proto::applications::v1::{ExportReadsRequest, ReadRecord};
use proto::identity::v1::{Client, ListAccountHoldersRequest};

use super::staff;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, Choice, attachment, html, html_refused};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

/// Accounts in one question to identity.
const AT_ONCE: usize = 500;

#[derive(Template)]
#[template(path = "staff/breach.html")]
struct BreachPage {
    frame: Frame,
    form: Form,
    readers: Vec<Choice>,
}

async fn page(visit: &Visit, form: Form) -> BreachPage {
    let mut readers: Vec<_> = staff(visit).await.into_iter().map(|one| Choice::new(one.account_id, one.name)).collect();
    readers.sort_by(|one, other| one.label.cmp(&other.label));
    readers.insert(0, Choice::new("", visit.texts.get("breach-everybody")));
    BreachPage { frame: Frame::new(visit, "staff-breach"), form, readers }
}

pub(super) async fn show(visit: Visit) -> Answer {
    if !visit.has_role("admin") {
        return Err(Problem::of_status(http::StatusCode::FORBIDDEN));
    }
    Ok(html(&page(&visit, Form::new(&visit, Fields::default())).await))
}

pub(super) async fn export(posted: Posted) -> Answer {
    match file(&posted).await {
        Ok(file) => Ok(file),
        Err(problem) => {
            let mut problem = problem.refusal()?;
            for violation in &mut problem.violations {
                if violation.field == "to_micros" {
                    "to_date".clone_into(&mut violation.field);
                }
            }
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, form).await, &problem))
        }
    }
}

async fn file(posted: &Posted) -> Result<Response, Problem> {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let numbers = fields
        .get("numbers")
        .split([',', ' ', ';'])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|_| Problem::at("numbers", "NUMBER_OUT_OF_RANGE")))
        .collect::<Result<Vec<i64>, _>>()?;
    let asked = ExportReadsRequest {
        from_micros: day(visit, fields, "from_date", 0)?,
        // The last day counts whole.
        to_micros: day(visit, fields, "to_date", 1)?,
        reader_account_id: fields.text("reader"),
        numbers,
    };
    let reads = visit.app.services.applications().export_reads(posted.command(asked)).await?.into_inner().reads;
    let mut ids: Vec<String> = reads.iter().map(|read| read.owner_account_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut holders = HashMap::new();
    for part in ids.chunks(AT_ONCE) {
        let asked = visit.ask(ListAccountHoldersRequest { account_ids: part.to_vec() });
        let answer = visit.app.services.identity().list_account_holders(asked).await?.into_inner();
        holders.extend(answer.holders.into_iter().map(|holder| (holder.account_id.clone(), holder)));
    }
    Ok(attachment("breach.csv", "text/csv", csv(&reads, &holders)))
}

/// Midnight of a day at the centre, so many days later.
fn day(visit: &Visit, fields: &Fields, name: &str, later: i32) -> Result<i64, Problem> {
    let wrong = || Problem::at(name, "FIELD_REQUIRED");
    let date: Date = fields.text(name).parse().map_err(|_| wrong())?;
    let date = date.checked_add(later.days()).map_err(|_| wrong())?;
    let midnight = date.to_zoned(visit.app.zone.clone()).map_err(|_| wrong())?;
    Ok(midnight.timestamp().as_microsecond())
}

/// One line for each application, reader and kind of data.
fn csv(reads: &[ReadRecord], holders: &HashMap<String, Client>) -> String {
    let mut text = String::from(
        "account,name,company,email,application,persons,data,document,reader,times,first_read,last_read\r\n",
    );
    let nobody = Client::default();
    let time = |micros: i64| Timestamp::from_microsecond(micros).map(|at| at.to_string()).unwrap_or_default();
    for read in reads {
        let holder = holders.get(&read.owner_account_id).unwrap_or(&nobody);
        let cells = [
            read.owner_account_id.clone(),
            holder.name.clone(),
            holder.company_name.clone(),
            holder.email.clone(),
            read.number.to_string(),
            read.persons.to_string(),
            read.what.clone(),
            read.document_code.clone(),
            read.reader.clone(),
            read.times.to_string(),
            time(read.first_at_micros),
            time(read.last_at_micros),
        ];
        text.push_str(&cells.map(|value| cell(&value)).join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell that no spreadsheet takes for a formula.
fn cell(value: &str) -> String {
    let guarded =
        if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_stands_in_it() {
        assert_eq!(cell("=SUM(A1)"), "'=SUM(A1)");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("Әйгерім"), "Әйгерім");
    }
}
