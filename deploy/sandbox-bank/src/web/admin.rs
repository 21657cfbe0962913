//! The bank's own side: the log of transactions (the truth that tests compare with) and the switches.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::answer::Answer;
use super::payform::render;
use super::text::Text;
use crate::amount::Amount;
use crate::card::{CARDS, Card};
use crate::clock;
use crate::desk::Bank;
use crate::order::Source;
use crate::scenario::Scenario;
use crate::status::Status;
use crate::transaction::Transaction;

#[derive(Serialize)]
struct Log {
    transactions: Vec<Entry>,
}

/// A transaction in the log; sums are decimal text in tenge.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    invoice_id: String,
    status: Status,
    /// What the merchant asked for.
    asked: Amount,
    /// Taken or held of the payer's money, before refunds.
    original: Amount,
    /// Paid with bonus.
    bonus: Amount,
    /// Given back.
    refunded: Amount,
    currency: &'static str,
    description: String,
    source: Source,
    reason_code: u32,
    card_mask: String,
    created: String,
    refunds: Vec<Returned>,
    history: Vec<Past>,
    notices: Vec<Told>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Returned {
    amount: Amount,
    external_id: String,
    at: String,
}

#[derive(Serialize)]
struct Past {
    status: Status,
    at: String,
}

#[derive(Serialize)]
struct Told {
    url: String,
    tries: u32,
    delivered: bool,
}

fn entry(transaction: Transaction, notices: Vec<Told>) -> Entry {
    let print = clock::print_millis;
    Entry {
        refunded: transaction.refunded(),
        id: transaction.id,
        invoice_id: transaction.order.invoice_id,
        status: transaction.status,
        asked: transaction.order.amount,
        original: transaction.original,
        bonus: transaction.bonus,
        currency: "KZT",
        description: transaction.order.description,
        source: transaction.order.source,
        reason_code: transaction.reason_code,
        card_mask: transaction.card_mask,
        created: print(transaction.created_millis),
        refunds: transaction
            .refunds
            .into_iter()
            .map(|refund| Returned {
                amount: refund.amount,
                external_id: refund.external_id,
                at: print(refund.at_millis),
            })
            .collect(),
        history: transaction.history.into_iter().map(|(at, status)| Past { status, at: print(at) }).collect(),
        notices,
    }
}

fn entries(bank: &Bank) -> Vec<Entry> {
    bank.read(|book| {
        let mut transactions: Vec<_> = book.transactions.values().cloned().collect();
        transactions.sort_by_key(|transaction| transaction.created_millis);
        transactions
            .into_iter()
            .map(|transaction| {
                let notices = book.notices.values();
                let told = notices
                    .filter(|notice| notice.invoice_id == transaction.order.invoice_id)
                    .map(|notice| Told { url: notice.url.clone(), tries: notice.tries, delivered: notice.delivered })
                    .collect();
                entry(transaction, told)
            })
            .collect()
    })
}

/// `GET /admin/log`.
pub(super) async fn log(State(bank): State<Bank>) -> Response {
    Json(Log { transactions: entries(&bank) }).into_response()
}

/// `GET /admin/scenario`.
pub(super) async fn scenario(State(bank): State<Bank>) -> Response {
    Json(bank.scenario()).into_response()
}

/// `POST /admin/scenario`: sets all switches; what is absent is as usual.
pub(super) async fn set_scenario(State(bank): State<Bank>, Json(scenario): Json<Scenario>) -> Response {
    match bank.set_scenario(scenario.clone()) {
        Ok(()) => Json(scenario).into_response(),
        Err(error) => Answer::broken(&error).into_response(),
    }
}

/// `/` leads to the log.
pub(super) async fn home() -> Redirect {
    Redirect::to("/admin")
}

#[derive(Template)]
#[template(path = "admin.html")]
struct AdminPage {
    text: &'static Text,
    entries: Vec<Entry>,
    cards: &'static [Card],
    scenario: String,
}

/// `GET /admin`.
pub(super) async fn page(State(bank): State<Bank>) -> Response {
    let mut entries = entries(&bank);
    entries.reverse();
    let scenario = serde_json::to_string_pretty(&bank.scenario()).unwrap_or_default();
    render(&AdminPage { text: Text::of("eng"), entries, cards: CARDS, scenario })
}
