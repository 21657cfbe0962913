//! Reports: where cases stand, what was done, what came and went back, what became of visits; each as a table, a chart and
//! a file. What somebody may not see is not there.

use askama::Template;
use axum::extract::Path;
use jiff::{ToSpan as _, civil::Date};
use proto::applications::v1::{GetWorkReportRequest, OpenCases, State, WorkReport};
use proto::billing::v1::{GetMoneyReportRequest, MoneyReport};
use proto::booking::v1::{GetVisitReportRequest, VisitReport};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::offices::kept;
use crate::pages::{Answer, Choice, html, html_refused};
use crate::problem::Problem;
use crate::sheet::{Cell, Sheet};
use crate::visit::Visit;

/// Days that a report begins with when nobody asks for others.
const DAYS: i32 = 90;
/// Width of the longest bar.
const BAR: u64 = 320;

/// A table with the bars of one of its columns.
struct Table {
    key: &'static str,
    sheet: Sheet,
    /// Which columns are figures.
    figures: Vec<bool>,
    bars: Vec<Bar>,
}

struct Bar {
    label: String,
    shown: String,
    width: u64,
    y: usize,
}

impl Table {
    /// The bars are those of the column `of`.
    fn new(frame: &Frame, key: &'static str, columns: &[&str], rows: Vec<Vec<Cell>>, of: usize) -> Self {
        let sheet = Sheet {
            file_name: key.to_owned(),
            title: frame.t.get(&format!("report-{key}")),
            columns: columns.iter().map(|column| frame.t.get(&format!("report-column-{column}"))).collect(),
            rows,
        };
        let value = |row: &[Cell]| match row.get(of) {
            Some(Cell::Number(number)) => *number,
            Some(Cell::Sum(minor)) => u64::try_from(*minor).unwrap_or(0),
            Some(Cell::Text(_) | Cell::Rate(_)) | None => 0,
        };
        let most = sheet.rows.iter().map(|row| value(row)).max().unwrap_or(0).max(1);
        let bars = sheet.rows.iter().enumerate().map(|(index, row)| Bar {
            label: row.first().map(|cell| shown(frame, cell)).unwrap_or_default(),
            shown: row.get(of).map(|cell| shown(frame, cell)).unwrap_or_default(),
            width: u64::try_from(u128::from(value(row)) * u128::from(BAR) / u128::from(most)).unwrap_or(BAR),
            y: index * 26,
        });
        let figure = |row: &Vec<Cell>, column: usize| !matches!(row.get(column), Some(Cell::Text(_)) | None);
        let figures = (0..columns.len()).map(|column| sheet.rows.iter().any(|row| figure(row, column))).collect();
        Self { key, bars: bars.collect(), figures, sheet }
    }

    fn height(&self) -> usize {
        self.bars.len() * 26
    }

    fn is_figure(&self, column: &usize) -> bool {
        self.figures.get(*column).copied().unwrap_or(false)
    }

    fn column(&self, column: &usize) -> &str {
        self.sheet.columns.get(*column).map_or("", String::as_str)
    }
}

fn shown(frame: &Frame, cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Sum(minor) => frame.money(&Some(crate::money::home(*minor))),
        Cell::Rate(points) => format!("{}.{:02}", points / 100, points % 100),
    }
}

#[derive(Template)]
#[template(path = "staff/reports.html")]
struct ReportsPage {
    frame: Frame,
    form: Form,
    tables: Vec<Table>,
    /// Whose visits are counted; none where there is one office alone.
    offices: Vec<Choice>,
    /// How the addresses of files end.
    span: String,
}

impl ReportsPage {
    fn shown(&self, cell: &Cell) -> String {
        shown(&self.frame, cell)
    }
}

/// What one service tells the caller, or that he may not see it.
async fn asked<T>(
    answer: impl Future<Output = Result<tonic::Response<T>, tonic::Status>>,
) -> Result<Result<T, tonic::Status>, Problem> {
    match answer.await {
        Ok(answer) => Ok(Ok(answer.into_inner())),
        Err(status) if status.code() == tonic::Code::PermissionDenied => Ok(Err(status)),
        Err(status) => Err(status.into()),
    }
}

async fn tables(visit: &Visit, frame: &Frame, since: &str, until: &str) -> Result<(Vec<Table>, Vec<Choice>), Problem> {
    let services = &visit.app.services;
    let (since, until) = (since.to_owned(), until.to_owned());
    let (mut applications, mut billing, mut booking) =
        (services.applications(), services.billing(), services.booking());
    let work = GetWorkReportRequest { since: since.clone(), until: until.clone() };
    let money = GetMoneyReportRequest { since: since.clone(), until: until.clone() };
    let visits = GetVisitReportRequest { since, until, office_id: visit.query.text("office") };
    let (work, money, visits) = tokio::try_join!(
        asked(applications.get_work_report(visit.ask(work))),
        asked(billing.get_money_report(visit.ask(money))),
        asked(booking.get_visit_report(visit.ask(visits))),
    )?;
    let (mut tables, mut choices) = (Vec::new(), Vec::new());
    if let Ok(work) = &work {
        tables.extend(of_work(frame, work));
    }
    if let Ok(visits) = &visits {
        tables.push(of_visits(frame, visits));
        choices = offices(frame, visits);
    }
    match (money, work) {
        (Ok(money), _) => tables.extend(of_money(frame, &money)),
        (Err(_), Ok(_)) => {}
        (Err(refused), Err(_)) => return Err(refused.into()),
    }
    Ok((tables, choices))
}

/// All offices, or one of several.
fn offices(frame: &Frame, visits: &VisitReport) -> Vec<Choice> {
    if visits.offices.len() < 2 {
        return Vec::new();
    }
    let each = visits.offices.iter().map(|office| Choice::new(office.id.clone(), frame.local(&office.name)));
    std::iter::once(Choice::new("", frame.t.get("offices-all"))).chain(each).collect()
}

fn open_cases(name: String, cases: &OpenCases) -> Vec<Cell> {
    vec![
        name.into(),
        Cell::Number(cases.count),
        Cell::Number(cases.oldest_days.into()),
        Cell::Number(cases.average_days.into()),
    ]
}

fn of_work(frame: &Frame, work: &WorkReport) -> Vec<Table> {
    let ages = ["cases", "oldest", "average"];
    let state = |cases: &OpenCases| {
        let code = format!("STATE_{}", cases.name.to_ascii_uppercase());
        frame.state(&State::from_str_name(&code).unwrap_or_default().into())
    };
    let holder = |cases: &OpenCases| match cases.name.as_str() {
        "" => frame.t.get("work-pool"),
        account => frame.colleague(account),
    };
    let services = work.services.iter().map(|figures| {
        let name = frame.local(&figures.name);
        // Nothing was completed, so nothing took any time.
        let took = |days: u32| if figures.completed == 0 { "–".into() } else { Cell::Number(days.into()) };
        vec![
            if name.is_empty() { figures.code.as_str().into() } else { name.into() },
            Cell::Number(figures.filed),
            Cell::Number(figures.completed),
            took(figures.median_working_days),
            took(figures.ninth_decile_working_days),
        ]
    });
    vec![
        Table::new(
            frame,
            "states",
            &["state", ages[0], ages[1], ages[2]],
            work.states.iter().map(|cases| open_cases(state(cases), cases)).collect(),
            1,
        ),
        Table::new(
            frame,
            "managers",
            &["manager", ages[0], ages[1], ages[2]],
            work.managers.iter().map(|cases| open_cases(holder(cases), cases)).collect(),
            1,
        ),
        Table::new(
            frame,
            "services",
            &["service", "filed", "completed", "median", "ninth-decile"],
            services.collect(),
            1,
        ),
    ]
}

fn of_visits(frame: &Frame, visits: &VisitReport) -> Table {
    let months = visits.months.iter().map(|month| {
        vec![
            month.month.as_str().into(),
            Cell::Number(month.planned),
            Cell::Number(month.served),
            Cell::Number(month.missed),
            Cell::Number(month.cancelled),
            Cell::Number(month.walk_ins),
        ]
    });
    let columns = ["month", "planned", "served", "missed", "cancelled", "walk-ins"];
    Table::new(frame, "visits", &columns, months.collect(), 3)
}

fn of_money(frame: &Frame, money: &MoneyReport) -> Vec<Table> {
    let months = money.months.iter().map(|month| {
        vec![
            month.month.as_str().into(),
            Cell::sum(month.received.as_ref()),
            Cell::sum(month.credited.as_ref()),
            Cell::sum(month.refunded.as_ref()),
        ]
    });
    let products = money.products.iter().map(|product| {
        vec![product.product_code.as_str().into(), Cell::Number(product.quantity), Cell::sum(product.amount.as_ref())]
    });
    let refunds = money.refunds.iter().map(|refunds| {
        vec![
            frame.label("refund", &refunds.state).into(),
            Cell::Number(refunds.count),
            Cell::sum(refunds.amount.as_ref()),
        ]
    });
    vec![
        Table::new(frame, "revenue", &["month", "received", "credited", "refunded"], months.collect(), 1),
        Table::new(frame, "products", &["product", "quantity", "amount"], products.collect(), 2),
        Table::new(frame, "refunds", &["state", "count", "amount"], refunds.collect(), 1),
    ]
}

/// The days that were asked for, or the last ones.
pub(super) fn span(visit: &Visit, days: i32) -> (String, String) {
    let today = visit.today();
    let since = today.parse::<Date>().and_then(|day| day.checked_sub(days.days()));
    let since = since.map_or_else(|_| today.clone(), |day| day.to_string());
    let asked = |name: &str, otherwise: String| {
        let typed = visit.query.text(name);
        if typed.is_empty() { otherwise } else { typed }
    };
    (asked("since", since), asked("until", today))
}

pub(super) fn span_fields(since: &str, until: &str) -> Fields {
    let mut fields = Fields::default();
    fields.set("since", since.to_owned());
    fields.set("until", until.to_owned());
    fields
}

pub(super) async fn show(visit: Visit) -> Answer {
    let (since, until) = span(&visit, DAYS);
    let frame = Frame::new(&visit, "staff-reports").with_colleagues(super::colleagues(&visit).await);
    let mut fields = span_fields(&since, &until);
    fields.set("office", visit.query.text("office"));
    match tables(&visit, &frame, &since, &until).await {
        Ok((tables, choices)) => {
            let span = format!("since={since}&until={until}{}", kept(fields.get("office")));
            Ok(html(&ReportsPage { form: Form::new(&visit, fields), frame, tables, offices: choices, span }))
        }
        Err(problem) => {
            let problem = problem.refusal()?;
            let form = Form::refused(&visit, fields, problem.clone());
            let (tables, offices) = (Vec::new(), Vec::new());
            Ok(html_refused(&ReportsPage { frame, form, tables, offices, span: String::new() }, &problem))
        }
    }
}

/// `states.csv`, `revenue.xlsx`.
pub(super) async fn file(visit: Visit, Path(file): Path<String>) -> Answer {
    let (key, ending) = file.split_once('.').ok_or_else(Problem::not_found)?;
    let (since, until) = span(&visit, DAYS);
    let frame = Frame::new(&visit, "staff-reports").with_colleagues(super::colleagues(&visit).await);
    let (tables, _) = tables(&visit, &frame, &since, &until).await?;
    let table = tables.into_iter().find(|table| table.key == key).ok_or_else(Problem::not_found)?;
    table.sheet.response(ending)
}
