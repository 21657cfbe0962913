//! The hosted payment page: card form, one-time code, result. Complete without script.

mod form;
mod pages;

use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use self::form::{CardForm, CodeForm};
pub(super) use self::pages::{problem, render};
use super::answer::Answer;
use super::text::Text;
use crate::book::Page;
use crate::clock;
use crate::desk::Bank;
use crate::fields::Fields;
use crate::order::{Order, OrderError};
use crate::status::Status;
use crate::transaction::{Transaction, Turn};

/// The script merchants load; it knows where it came from.
pub(super) async fn library(State(bank): State<Bank>) -> Response {
    let origin = serde_json::to_string(bank.base_url()).unwrap_or_default();
    let script = include_str!("../../static/payment-api.js").replace("\"BASE_URL\"", &origin);
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/javascript; charset=utf-8"),
        ("cross-origin-resource-policy", "cross-origin"),
    ];
    (headers, script).into_response()
}

/// `GET /payform/?params=…`: checks the object given to `halyk.pay` against its token.
pub(super) async fn start(State(bank): State<Bank>, RawQuery(query): RawQuery) -> Response {
    let query = Fields::from_form(query.unwrap_or_default().as_bytes());
    let Some(object) = Fields::from_json(query.get("params")) else {
        return problem(Text::of("eng"), "params is not a JSON object", None);
    };
    let text = Text::of(object.get("language"));
    match order(&bank, &object) {
        Ok((order, expires)) => match bank.change(|book| book.open_page(order, expires)) {
            Ok(Ok(page)) => Redirect::to(&format!("/payform/{}", page.id)).into_response(),
            Ok(Err(error)) => problem(text, &error.to_string(), back(&object)),
            Err(error) => Answer::broken(&error).into_response(),
        },
        Err(message) => problem(text, &message, back(&object)),
    }
}

fn back(object: &Fields) -> Option<String> {
    let link = object.some("failureBackLink").or_else(|| object.some("backLink"))?;
    url::Url::parse(&link).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(link)
}

fn order(bank: &Bank, object: &Fields) -> Result<(Order, i64), String> {
    let mut order = Order::of_page(object).map_err(|error: OrderError| error.to_string())?;
    let auth = Fields::from_json(object.get("auth")).ok_or("auth is missing")?;
    let access_token = auth.get("access_token");
    let token = bank.read(|book| book.token(access_token).cloned()).ok_or("the token is unknown or has expired")?;
    let payment = token.payment.ok_or("the token is not for a payment")?;
    let bound = payment.invoice_id == order.invoice_id
        && payment.amount == order.amount
        && token.terminal == object.get("terminal");
    if !bound {
        return Err("the token is for another invoice, amount or terminal".to_owned());
    }
    order.secret_hash = payment.secret_hash;
    order.post_link = order.post_link.or(payment.post_link);
    order.failure_post_link = order.failure_post_link.or(payment.failure_post_link);
    Ok((order, token.expires_millis))
}

/// A page with its transaction.
fn find(bank: &Bank, id: &str) -> Option<(Page, Transaction)> {
    bank.read(|book| {
        let page = book.pages.get(id)?.clone();
        let transaction = book.transactions.get(&page.order.invoice_id)?.clone();
        Some((page, transaction))
    })
}

fn missing() -> Response {
    let page = problem(Text::of("eng"), "There is no such payment page", None);
    (StatusCode::NOT_FOUND, page).into_response()
}

fn go(page: &Page, place: &str) -> Response {
    Redirect::to(&format!("/payform/{}{place}", page.id)).into_response()
}

/// Where a transaction belongs, if not to the card form.
fn elsewhere(page: &Page, transaction: &Transaction) -> Option<Response> {
    match transaction.status {
        Status::New => None,
        Status::Fingerprint | Status::ThreeD => Some(go(page, "/code")),
        Status::Auth | Status::Charge | Status::Cancel | Status::Refund | Status::Reject | Status::Failed => {
            Some(go(page, "/result"))
        }
    }
}

/// The card form.
pub(super) async fn card(State(bank): State<Bank>, Path(id): Path<String>) -> Response {
    let Some((page, transaction)) = find(&bank, &id) else {
        return missing();
    };
    if let Some(place) = elsewhere(&page, &transaction) {
        return place;
    }
    pages::card(&bank, &page, &CardForm::default(), &[])
}

/// The filled card form.
pub(super) async fn pay(State(bank): State<Bank>, Path(id): Path<String>, Form(form): Form<CardForm>) -> Response {
    let Some((page, transaction)) = find(&bank, &id) else {
        return missing();
    };
    if let Some(place) = elsewhere(&page, &transaction) {
        return place;
    }
    if page.expires_millis <= clock::now_millis() {
        return pages::expired(&page);
    }
    let faults = form.faults(Text::of(&page.order.language));
    if !faults.is_empty() {
        return pages::card(&bank, &page, &form, &faults);
    }
    let pan = form.pan();
    let two_step = bank.config().two_step;
    let order = page.order.clone();
    turn(&bank, &page, Status::New, move |transaction, scenario| {
        transaction.order = order;
        transaction.original = transaction.order.amount;
        transaction.try_card(&pan, two_step, scenario.charge_amount, scenario.later_ms)
    })
}

/// The one-time code's form.
pub(super) async fn code(State(bank): State<Bank>, Path(id): Path<String>) -> Response {
    let Some((page, transaction)) = find(&bank, &id) else {
        return missing();
    };
    match transaction.status {
        Status::Fingerprint | Status::ThreeD => pages::code(&page, &transaction),
        Status::New => go(&page, ""),
        Status::Auth | Status::Charge | Status::Cancel | Status::Refund | Status::Reject | Status::Failed => {
            go(&page, "/result")
        }
    }
}

/// The filled one-time code.
pub(super) async fn try_code(State(bank): State<Bank>, Path(id): Path<String>, Form(form): Form<CodeForm>) -> Response {
    let Some((page, _)) = find(&bank, &id) else {
        return missing();
    };
    let two_step = bank.config().two_step;
    turn(&bank, &page, Status::ThreeD, |transaction, _| transaction.try_code(form.code.trim(), two_step))
}

/// The payer gives up at the one-time code.
pub(super) async fn leave(State(bank): State<Bank>, Path(id): Path<String>) -> Response {
    let Some((page, _)) = find(&bank, &id) else {
        return missing();
    };
    turn(&bank, &page, Status::ThreeD, |transaction, _| transaction.leave_code())
}

/// Changes the transaction if it still stands where the form was for, and goes where it belongs.
fn turn(
    bank: &Bank,
    page: &Page,
    from: Status,
    work: impl FnOnce(&mut Transaction, &crate::Scenario) -> Turn,
) -> Response {
    let changed = bank.change(|book| {
        let Some(mut transaction) = book.transactions.get(&page.order.invoice_id).cloned() else {
            return;
        };
        // A form sent twice acts once.
        if transaction.status == from {
            let turn = work(&mut transaction, &book.scenario);
            book.turn(transaction, turn, &bank.config().terminal);
        }
    });
    match changed {
        Ok(()) => find(bank, &page.id)
            .and_then(|(page, transaction)| elsewhere(&page, &transaction))
            .unwrap_or_else(|| go(page, "")),
        Err(error) => Answer::broken(&error).into_response(),
    }
}

/// How it went, with "Close" back to the merchant.
pub(super) async fn result(State(bank): State<Bank>, Path(id): Path<String>) -> Response {
    let Some((page, transaction)) = find(&bank, &id) else {
        return missing();
    };
    match transaction.status {
        Status::New | Status::Fingerprint | Status::ThreeD => go(&page, ""),
        Status::Auth | Status::Charge | Status::Cancel | Status::Refund | Status::Reject | Status::Failed => {
            pages::result(&page, &transaction)
        }
    }
}
