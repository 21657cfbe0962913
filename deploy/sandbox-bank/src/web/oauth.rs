//! `POST /oauth2/token`: tokens for one payment, and tokens for the merchant's server.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Serialize;

use super::answer::{Answer, answer};
use crate::book::{Payment, Record, Token};
use crate::clock;
use crate::desk::Bank;
use crate::fields::Fields;
use crate::order;
use crate::scenario::Point;

const SERVICE_SECONDS: u32 = 7200;

#[derive(Serialize)]
struct Body<'a> {
    access_token: &'a str,
    expires_in: serde_json::Value,
    refresh_token: &'a str,
    scope: &'a str,
    token_type: &'a str,
}

/// Takes a form or JSON. A payment token is bound to invoice, amount and terminal.
pub(super) async fn token(State(bank): State<Bank>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&bank, Point::Token, || {
        let fields = read(&headers, &body);
        issue(&bank, &fields).unwrap_or_else(|refusal| refusal)
    })
    .await
}

fn read(headers: &HeaderMap, body: &[u8]) -> Fields {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    if kind.starts_with("application/json") {
        Fields::from_json(&text).unwrap_or_default()
    } else if kind.starts_with("multipart/form-data") {
        multipart(&text)
    } else {
        Fields::from_form(body)
    }
}

/// The plain text parts of a multipart form.
fn multipart(text: &str) -> Fields {
    let mut fields = Fields::default();
    for part in text.split("\r\n\r\n").zip(text.split("\r\n\r\n").skip(1)) {
        let (head, rest) = part;
        let name = head.rsplit_once("name=\"").and_then(|(_, name)| name.split('"').next());
        let value = rest.split("\r\n--").next();
        if let (Some(name), Some(value)) = (name, value) {
            fields.insert(name.to_owned(), value.to_owned());
        }
    }
    fields
}

fn issue(bank: &Bank, fields: &Fields) -> Result<Answer, Answer> {
    let config = bank.config();
    let known = fields.get("client_id") == config.client_id && fields.get("client_secret") == config.client_secret;
    if !known {
        return Err(Answer::unauthorized("invalid client"));
    }
    let cabinet_user = !fields.get("username").is_empty() && !fields.get("password").is_empty();
    match fields.get("grant_type") {
        "client_credentials" => {}
        "password" if cabinet_user => {}
        _ => return Err(Answer::refused(100, "invalid grant_type")),
    }
    let terminal = fields.get("terminal").to_owned();
    let payment = payment(bank, fields)?;
    let seconds = if payment.is_some() { config.page_seconds } else { SERVICE_SECONDS };
    let token = Token {
        bearer: clock::token(22),
        terminal,
        expires_millis: clock::now_millis() + i64::from(seconds) * 1000,
        payment,
    };
    // The bank writes this number now one way, now the other.
    let expires_in = match &token.payment {
        Some(_) => serde_json::Value::from(seconds.to_string()),
        None => serde_json::Value::from(seconds),
    };
    let answer = Answer::ok(&Body {
        access_token: &token.bearer,
        expires_in,
        refresh_token: "",
        scope: fields.get("scope"),
        token_type: "Bearer",
    });
    bank.change(|book| book.put(Record::Token(token))).map_err(|error| Answer::broken(&error))?;
    Ok(answer)
}

fn payment(bank: &Bank, fields: &Fields) -> Result<Option<Payment>, Answer> {
    let Some(invoice_id) = fields.some("invoiceID") else {
        return Ok(None);
    };
    let refused = |error: order::OrderError| Answer::refused(100, error);
    if fields.get("terminal") != bank.config().terminal {
        return Err(Answer::refused(100, "unknown terminal"));
    }
    let payment = Payment {
        invoice_id: order::invoice_id(&invoice_id).map_err(refused)?,
        amount: order::amount(fields.get("amount"), fields.get("currency")).map_err(refused)?,
        secret_hash: fields.some("secret_hash"),
        post_link: fields.some("postLink"),
        failure_post_link: fields.some("failurePostLink"),
    };
    bank.read(|book| book.may_use(&payment.invoice_id)).map_err(refused)?;
    Ok(Some(payment))
}
