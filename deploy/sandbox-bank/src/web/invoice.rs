//! Payment links: `POST /invoice` makes one, `GET /invoice/:link` opens the card page without script.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::{Answer, answer, bearer};
use super::payform::problem;
use super::text::Text;
use crate::book::{Link, Record};
use crate::clock;
use crate::desk::Bank;
use crate::fields::Fields;
use crate::order::{Order, OrderError};
use crate::scenario::Point;

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    invoice_id: &'a str,
    invoice_url: String,
    amount: Box<RawValue>,
    currency: &'a str,
    expire_date: String,
}

/// Makes a link; the same invoice and amount again gives the same link.
pub(super) async fn create(State(bank): State<Bank>, headers: HeaderMap, body: String) -> Response {
    answer(&bank, Point::Invoice, || make(&bank, &headers, &body).unwrap_or_else(|no| no)).await
}

fn make(bank: &Bank, headers: &HeaderMap, body: &str) -> Result<Answer, Answer> {
    let token = bearer(bank, headers);
    if token.is_none_or(|token| token.payment.is_some()) {
        return Err(Answer::unauthorized("no valid token"));
    }
    let fields = Fields::from_json(body).ok_or_else(|| Answer::refused(100, "malformed JSON"))?;
    if fields.get("shop_id") != bank.config().shop_id {
        return Err(Answer::refused(100, "unknown shop_id"));
    }
    let millis =
        period_millis(fields.get("expire_period")).ok_or_else(|| Answer::refused(100, "expire_period is malformed"))?;
    let order = Order::of_link(&fields).map_err(|error| Answer::refused(100, error))?;
    let made = bank.change(|book| {
        book.may_use(&order.invoice_id)?;
        let now = clock::now_millis();
        match book.links.get(&order.invoice_id) {
            Some(link) if link.order.amount != order.amount => Err(OrderError::Used),
            Some(link) if link.expires_millis > now => Ok(link.clone()),
            Some(_) | None => {
                let link = Link { id: clock::token(32), order, expires_millis: now + millis };
                book.put(Record::Link(link.clone()));
                Ok(link)
            }
        }
    });
    let link = made.map_err(|error| Answer::broken(&error))?.map_err(|error| Answer::refused(100, error))?;
    Ok(Answer::ok(&Body {
        id: &link.id,
        invoice_id: &link.order.invoice_id,
        invoice_url: format!("{}/invoice/{}", bank.base_url(), link.id),
        amount: link.order.amount.number(),
        currency: "KZT",
        expire_date: clock::print_millis(link.expires_millis),
    }))
}

/// `1d`, `12h`, `30m`; a day if absent.
fn period_millis(text: &str) -> Option<i64> {
    let text = if text.is_empty() { "1d" } else { text };
    let minutes = match text.char_indices().next_back()? {
        (_, 'd') => 1440,
        (_, 'h') => 60,
        (_, 'm') => 1,
        _ => return None,
    };
    let count: u16 = text.get(..text.len() - 1)?.parse().ok()?;
    Some(i64::from(count) * minutes * 60_000)
}

/// Opens the card page of a link.
pub(super) async fn open(State(bank): State<Bank>, Path(id): Path<String>) -> Response {
    let now = clock::now_millis();
    let link = bank.read(|book| book.links.values().find(|link| link.id == id).cloned());
    let Some(link) = link.filter(|link| link.expires_millis > now) else {
        return problem(Text::of("eng"), "The payment link has expired or does not exist", None);
    };
    let expires = link.expires_millis.min(now + i64::from(bank.config().page_seconds) * 1000);
    match bank.change(|book| book.open_page(link.order, expires)) {
        Ok(Ok(page)) => Redirect::to(&format!("/payform/{}", page.id)).into_response(),
        Ok(Err(error)) => problem(Text::of("eng"), &error.to_string(), None),
        Err(error) => Answer::broken(&error).into_response(),
    }
}
