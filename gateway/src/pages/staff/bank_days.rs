//! A day of the account: the statement beside the books, the differences one by one; finance imports the bank's file here.

use askama::Template;
use jiff::civil::Date;
use proto::billing::v1::{BankDay, GetBankDayRequest, ImportStatementRequest, StatementLine};
use proto::common::v1::Money;
use proto::payments::v1::{ListMismatchesRequest, Mismatch};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::words::minor;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::{KEY, Posted, TOKEN};
use crate::problem::Problem;
use crate::sheet::{Cell, Sheet, hundredths};
use crate::upload::{SHORT, Upload, bytes, text};
use crate::visit::Visit;

/// A call carries no more.
const FILE_MAX: usize = 2 * 1024 * 1024;

/// A line, and the form that records it as a transfer where it may be one.
struct Row {
    line: StatementLine,
    may_record: bool,
    sum: String,
}

#[derive(Template)]
#[template(path = "staff/bank_days.html")]
struct BankDaysPage {
    frame: Frame,
    form: Form,
    day: BankDay,
    rows: Vec<Row>,
    /// What the bank took and payments could not join to its attempt; nothing where payments does not answer.
    mismatches: Option<Vec<Mismatch>>,
    before: String,
    after: String,
    /// Finance imports; a supervisor reads.
    may_import: bool,
    /// What the last import came to.
    imported: Option<String>,
}

async fn ask(visit: &Visit, date: String) -> Result<BankDay, Problem> {
    let request = visit.ask(GetBankDayRequest { date });
    Ok(visit.app.services.billing().get_bank_day(request).await?.into_inner())
}

/// Charges of the day that do not fit; some currencies and terminals are not in billing's books at all.
async fn mismatches(visit: &Visit, date: &str) -> Option<Vec<Mismatch>> {
    let page = Some(proto::common::v1::PageRequest { page: 1, size: 100 });
    let request = visit.ask(ListMismatchesRequest { page, date: date.to_owned() });
    Some(visit.app.services.payments().list_mismatches(request).await.ok()?.into_inner().mismatches)
}

async fn page(visit: &Visit, date: String, form: Form) -> Result<BankDaysPage, Problem> {
    let day = ask(visit, date).await?;
    let date: Option<Date> = day.date.parse().ok();
    let beside = |other: Option<Date>| other.map(|date| date.to_string()).unwrap_or_default();
    let counts = ["matched", "recorded", "proposed", "unmatched", "known"].map(|name| (name, visit.query.text(name)));
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
    let rows = day
        .lines
        .iter()
        .map(|line| Row {
            may_record: line.state == "proposed" && line.direction == "in",
            sum: hundredths(minor(&line.amount)),
            line: line.clone(),
        })
        .collect();
    Ok(BankDaysPage {
        frame: Frame::new(visit, "staff-bank-days"),
        form,
        may_import: visit.has_role("finance"),
        before: beside(date.and_then(|date| date.yesterday().ok())),
        after: beside(date.and_then(|date| date.tomorrow().ok())),
        imported: visit.query.has("matched").then(|| visit.texts.with("statement-imported", &counts)),
        rows,
        mismatches: mismatches(visit, &day.date).await,
        day,
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let date = visit.query.text("date");
    if let Some(ending) = ["csv", "xlsx"].into_iter().find(|ending| visit.query.has(ending)) {
        return sheet(&visit, date).await?.response(ending);
    }
    Ok(html(&page(&visit, date, Form::new(&visit, Fields::default())).await?))
}

/// The day with its sums, lines and differences, for programs: kinds and states by their codes.
async fn sheet(visit: &Visit, date: String) -> Result<Sheet, Problem> {
    let day = ask(visit, date).await?;
    let mut rows = Vec::new();
    let mut add = |kind: &str, number: i64, reference: &str, amount: Option<&Money>, state: &str| {
        let number = if number == 0 { String::new() } else { number.to_string() };
        let texts = [day.date.as_str(), kind, &number, reference].map(Cell::from);
        rows.push(texts.into_iter().chain([Cell::sum(amount), Cell::from(state)]).collect());
    };
    for (kind, sum) in [
        ("charged", &day.charged),
        ("transferred", &day.transferred),
        ("confirmed", &day.confirmed),
        ("refunded_by_card", &day.refunded_by_card),
        ("refunded_by_order", &day.refunded_by_order),
        ("statement_in", &day.statement_in),
        ("statement_out", &day.statement_out),
    ] {
        add(kind, 0, "", sum.as_ref(), "sum");
    }
    for line in &day.lines {
        let kind = format!("line_{}", line.direction);
        add(&kind, line.application_number, &line.reference, line.amount.as_ref(), &line.state);
    }
    for one in mismatches(visit, &day.date).await.iter().flatten() {
        let kind = format!("mismatch_{}", one.kind);
        add(&kind, one.application_number, &one.reference, one.charged.as_ref(), "review");
    }
    for one in &day.differences {
        add(&one.kind, one.application_number, &one.reference, one.amount.as_ref(), "difference");
    }
    Ok(Sheet {
        file_name: format!("bank-day-{}", day.date),
        title: visit.texts.get("staff-bank-days"),
        columns: ["date", "kind", "application", "reference", "amount", "state"].map(str::to_owned).to_vec(),
        rows,
    })
}

pub(super) async fn import(upload: Upload) -> Answer {
    let (posted, file_name, content) = read(upload).await?;
    let visit = &posted.visit;
    let refused = if content.is_empty() {
        Problem::at("file", "STATEMENT_EMPTY")
    } else if content.len() > FILE_MAX {
        Problem::at("file", "FILE_TOO_LARGE")
    } else {
        let request = posted.command(ImportStatementRequest { file_name, content });
        match visit.app.services.billing().import_statement(request).await {
            Ok(answer) => {
                let told = answer.into_inner();
                return Ok(to(&format!(
                    "/staff/bank-days?date={}&matched={}&recorded={}&proposed={}&unmatched={}&known={}",
                    posted.fields.get("date"),
                    told.matched,
                    told.recorded,
                    told.proposed,
                    told.unmatched,
                    told.known
                )));
            }
            Err(status) => Problem::from(status).refusal()?,
        }
    };
    let form = Form::refused(visit, posted.fields.clone(), refused.clone());
    Ok(html_refused(&page(visit, posted.fields.text("date"), form).await?, &refused))
}

async fn read(upload: Upload) -> Result<(Posted, String, Vec<u8>), Problem> {
    let Upload { visit, mut multipart } = upload;
    let (mut fields, mut called, mut file, mut trusted) = (Fields::default(), String::new(), Vec::new(), false);
    while let Some(mut field) = multipart.next_field().await.map_err(|fault| Problem::of_status(fault.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            TOKEN => {
                visit.check_token(&text(&mut field, SHORT).await?)?;
                trusted = true;
            }
            _ if !trusted => return Err(Problem::form_foreign()),
            "file" => {
                field.file_name().unwrap_or_default().clone_into(&mut called);
                file = bytes(&mut field, visit.app.config.limits.upload_bytes_max).await?;
            }
            "date" => {
                let day: Option<Date> = text(&mut field, SHORT).await?.parse().ok();
                fields.set("date", day.map(|day| day.to_string()).unwrap_or_default());
            }
            KEY => fields.set(&name, text(&mut field, SHORT).await?),
            _ => {}
        }
    }
    if trusted { Ok((Posted { visit, fields }, called, file)) } else { Err(Problem::form_foreign()) }
}
