//! A day of the account: the statement beside the books, the differences one by one; finance imports the bank's file here.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use proto::billing::v1::{BankDay, GetBankDayRequest, ImportStatementRequest, StatementLine};
use proto::payments::v1::{ListMismatchesRequest, Mismatch};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::words::minor;
use crate::pages::{Answer, attachment, html, html_refused, to};
use crate::posted::{KEY, Posted, TOKEN};
use crate::problem::Problem;
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

async fn ask(visit: &Visit) -> Result<BankDay, Problem> {
    let request = visit.ask(GetBankDayRequest { date: visit.query.text("date") });
    Ok(visit.app.services.billing().get_bank_day(request).await?.into_inner())
}

/// Charges of the day that do not fit; some currencies and terminals are not in billing's books at all.
async fn mismatches(visit: &Visit, date: &str) -> Option<Vec<Mismatch>> {
    let page = Some(proto::common::v1::PageRequest { page: 1, size: 100 });
    let request = visit.ask(ListMismatchesRequest { page, date: date.to_owned() });
    Some(visit.app.services.payments().list_mismatches(request).await.ok()?.into_inner().mismatches)
}

async fn page(visit: &Visit, form: Form) -> Result<BankDaysPage, Problem> {
    let day = ask(visit).await?;
    let date: Option<Date> = day.date.parse().ok();
    let beside = |other: Option<Date>| other.map(|date| date.to_string()).unwrap_or_default();
    let counts = ["matched", "recorded", "proposed", "unmatched", "known"].map(|name| (name, visit.query.text(name)));
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
    let rows = day
        .lines
        .iter()
        .map(|line| Row {
            may_record: line.state == "proposed" && line.direction == "in",
            sum: decimal(minor(&line.amount)),
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
    if visit.query.has("csv") {
        return csv(&visit).await;
    }
    Ok(html(&page(&visit, Form::new(&visit, Fields::default())).await?))
}

/// Exact decimal text in major units.
fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor.rem_euclid(100))
}

/// A field that no table program takes for a formula, or for two.
fn cell(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", safe.replace('"', "\"\""))
}

async fn csv(visit: &Visit) -> Result<Response, Problem> {
    let day = ask(visit).await?;
    let mut lines = vec!["date;kind;application;reference;amount;state".to_owned()];
    let mut add = |kind: &str, number: i64, reference: &str, amount: i64, state: &str| {
        let number = if number == 0 { String::new() } else { number.to_string() };
        let (reference, amount) = (cell(reference), decimal(amount));
        lines.push([day.date.as_str(), kind, &number, &reference, &amount, state].join(";"));
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
        add(kind, 0, "", minor(sum), "sum");
    }
    for line in &day.lines {
        let kind = format!("line_{}", line.direction);
        add(&kind, line.application_number, &line.reference, minor(&line.amount), &line.state);
    }
    for one in mismatches(visit, &day.date).await.iter().flatten() {
        let kind = format!("mismatch_{}", one.kind);
        add(&kind, one.application_number, &one.reference, minor(&one.charged), "review");
    }
    for one in &day.differences {
        add(&one.kind, one.application_number, &one.reference, minor(&one.amount), "difference");
    }
    let body = format!("\u{feff}{}\r\n", lines.join("\r\n"));
    Ok(attachment(&format!("bank-day-{}.csv", day.date), "text/csv", body))
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
    Ok(html_refused(&page(visit, form).await?, &refused))
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
