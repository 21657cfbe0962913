//! All that the portal keeps about one account, as one JSON file: gathered by the account's own reads, one application after
//! another, and sent as it comes, so that it is never held whole. A read that fails breaks the download off; a file that
//! ends well is complete.

use std::collections::VecDeque;
use std::io;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::caller::Caller;
use super::transcode::ask;
use crate::edge::Policy;
use crate::problem::Problem;
use crate::routes::{Audience, Route, get};
use crate::state::App;

const PATH: &str = "/api/v1/account/data";
/// Rows of one page of a list.
const PAGE: u64 = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![get(Audience::Program, PATH, download)]
}

/// What OpenAPI says of it.
pub(super) fn operation() -> (&'static str, &'static str, Value) {
    let operation = json!({
        "operationId": "account_data", "summary": "All that is kept about the own account, as one file", "tags": ["identity"],
        "responses": {
            "200": { "description": "The file", "content": { "application/json": { "schema": { "type": "object" } } } },
            "default": { "description": "Problem",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } }
        }
    });
    (PATH, "get", operation)
}

async fn download(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    file(Bearer { app, token, session: None }).await
}

/// In whose name is read. A token lives shorter than a long download may take; a session gives another.
pub(crate) struct Bearer {
    pub app: App,
    pub token: String,
    pub session: Option<String>,
}

impl Bearer {
    async fn ask(&self, rpc: &'static str, fields: Value) -> Result<Value, Problem> {
        let renewed = match &self.session {
            Some(session) => self.app.sessions.find(&self.app, session).await?,
            None => None,
        };
        let token = renewed.as_ref().map_or(&self.token, |signed_in| &signed_in.token);
        ask(&self.app, rpc, fields, token).await
    }

    /// The same; null where there is none.
    async fn ask_if_any(&self, rpc: &'static str, fields: Value) -> Result<Value, Problem> {
        match self.ask(rpc, fields).await {
            Err(problem) if problem.status == StatusCode::NOT_FOUND => Ok(Value::Null),
            answer => answer,
        }
    }
}

/// The file, once identity has let it be taken.
pub(crate) async fn file(bearer: Bearer) -> Result<Response, Problem> {
    let head = bearer.ask("identity.Identity/TakeOwnData", json!({})).await?;
    let first = Writing { bearer, part: Part::Head(head) };
    let pieces = futures::stream::try_unfold(first, |writing| async move {
        writing.next().await.map_err(|problem| {
            tracing::warn!(code = problem.code, "a download of one's own data breaks off");
            io::Error::other(problem.code)
        })
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"portal-data.json\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Policy::Download);
    Ok(response)
}

struct Writing {
    bearer: Bearer,
    part: Part,
}

/// What comes next.
enum Part {
    Head(Value),
    Applications { page: u64, numbers: VecDeque<Value>, more: bool, first: bool },
    List { list: List, page: u64, first: bool },
    Tail,
    End,
}

#[derive(Clone, Copy)]
enum List {
    Invoices,
    Messages,
}

impl List {
    /// RPC, and the name of its rows in the answer and in the file.
    fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Invoices => ("billing.Billing/ListInvoices", "invoices"),
            Self::Messages => ("notifications.Notifications/ListMessages", "messages"),
        }
    }

    fn next(self) -> Part {
        match self {
            Self::Invoices => Part::List { list: Self::Messages, page: 1, first: true },
            Self::Messages => Part::Tail,
        }
    }
}

impl Writing {
    async fn next(self) -> Result<Option<(Bytes, Self)>, Problem> {
        let Self { bearer, part } = self;
        let (text, part) = match part {
            Part::Head(head) => {
                let mut text = head.to_string();
                // The object stays open for what the other services know.
                text.pop();
                text.push_str(",\"applications\":[");
                (text, Part::Applications { page: 1, numbers: VecDeque::new(), more: true, first: true })
            }
            Part::Applications { page, mut numbers, more, first } => match numbers.pop_front() {
                Some(number) => {
                    let text = application(&bearer, &number).await?.to_string();
                    (joined(first, &text), Part::Applications { page, numbers, more, first: false })
                }
                None if more => {
                    let answer = bearer.ask("applications.Applications/ListApplications", of_page(page)).await?;
                    let numbers = rows(&answer, "applications").iter().map(|row| member(row, "number")).collect();
                    let more = has_more(&answer, page);
                    (String::new(), Part::Applications { page: page + 1, numbers, more, first })
                }
                None => ("]".to_owned(), Part::List { list: List::Invoices, page: 1, first: true }),
            },
            Part::List { list, page, first } => {
                let (rpc, name) = list.source();
                let answer = bearer.ask(rpc, of_page(page)).await?;
                let written: Vec<String> = rows(&answer, name).iter().map(Value::to_string).collect();
                let mut text = if page == 1 { format!(",\"{name}\":[") } else { String::new() };
                let none_yet = first && written.is_empty();
                if !written.is_empty() {
                    text.push_str(&joined(first, &written.join(",")));
                }
                if has_more(&answer, page) {
                    (text, Part::List { list, page: page + 1, first: none_yet })
                } else {
                    text.push(']');
                    (text, list.next())
                }
            }
            Part::Tail => ("}".to_owned(), Part::End),
            Part::End => return Ok(None),
        };
        Ok(Some((Bytes::from(text), Self { bearer, part })))
    }
}

/// One application whole, with what there is to pay for it, the attempts to pay and the visits.
async fn application(bearer: &Bearer, number: &Value) -> Result<Value, Problem> {
    let of = || json!({ "application_number": number });
    let whole = bearer.ask("applications.Applications/GetApplication", json!({ "number": number })).await?;
    let billing = bearer.ask_if_any("billing.Billing/GetBillable", of()).await?;
    let attempts = if billing.is_null() {
        Value::Null
    } else {
        member(&bearer.ask_if_any("payments.Payments/ListAttempts", of()).await?, "attempts")
    };
    let booking = bearer.ask_if_any("booking.Booking/GetBookingRight", of()).await?;
    Ok(json!({ "application": whole, "billing": billing, "payment_attempts": attempts, "booking": booking }))
}

fn of_page(page: u64) -> Value {
    json!({ "page": { "page": page, "size": PAGE } })
}

fn has_more(answer: &Value, page: u64) -> bool {
    answer.pointer("/page/total").and_then(Value::as_u64).is_some_and(|total| total > page.saturating_mul(PAGE))
}

fn rows<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn member(value: &Value, name: &str) -> Value {
    value.get(name).cloned().unwrap_or_default()
}

fn joined(first: bool, text: &str) -> String {
    if first { text.to_owned() } else { format!(",{text}") }
}
