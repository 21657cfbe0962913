//! `GET /check-status/…`: the only thing a merchant may trust.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::{Answer, answer, bearer};
use crate::card;
use crate::clock;
use crate::desk::Bank;
use crate::scenario::Point;
use crate::status::Status;
use crate::transaction::Transaction;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    result_code: &'a str,
    result_message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<Shown<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    id: &'a str,
    created_date: String,
    #[serde(rename = "invoiceID")]
    invoice_id: &'a str,
    amount: Box<RawValue>,
    amount_bonus: Box<RawValue>,
    payout_amount: Box<RawValue>,
    org_amount: Box<RawValue>,
    approval_code: &'a str,
    data: &'a str,
    currency: &'a str,
    terminal: &'a str,
    #[serde(rename = "terminalID")]
    terminal_id: &'a str,
    #[serde(rename = "accountID")]
    account_id: &'a str,
    description: &'a str,
    language: &'a str,
    card_mask: &'a str,
    card_type: &'a str,
    issuer: &'a str,
    reference: &'a str,
    int_reference: &'a str,
    reason: &'a str,
    reason_code: String,
    secure: bool,
    secure_details: &'a str,
    #[serde(rename = "statusID")]
    status_id: &'a str,
    status_name: &'a str,
    name: &'a str,
    email: &'a str,
    phone: &'a str,
    #[serde(rename = "cardID")]
    card_id: &'a str,
    #[serde(rename = "xlsRRN")]
    xls_rrn: &'a str,
}

/// By the merchant's number.
pub(super) async fn by_invoice(
    State(bank): State<Bank>,
    Path(invoice_id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let find = || bank.transaction(&invoice_id);
    answer(&bank, Point::Status, || report(&bank, &headers, find)).await
}

/// By the bank's id.
pub(super) async fn by_id(State(bank): State<Bank>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let find = || bank.read(|book| book.by_id(&id));
    answer(&bank, Point::Status, || report(&bank, &headers, find)).await
}

fn report(bank: &Bank, headers: &HeaderMap, find: impl FnOnce() -> Option<Transaction>) -> Answer {
    let Some(token) = bearer(bank, headers) else {
        return Answer::unauthorized("no valid token");
    };
    if token.terminal.is_empty() {
        return bare("104", "Terminal is absent");
    }
    if token.terminal != bank.config().terminal {
        return bare("106", "Wrong terminal");
    }
    let Some(transaction) = find() else {
        return bare("102", "Invoice not found");
    };
    let shown = Some(shown(bank, &transaction));
    Answer::ok(&Body { result_code: "100", result_message: "Success", transaction: shown })
}

fn bare(result_code: &str, result_message: &str) -> Answer {
    Answer::ok(&Body { result_code, result_message, transaction: None })
}

fn shown<'a>(bank: &'a Bank, transaction: &'a Transaction) -> Shown<'a> {
    let order = &transaction.order;
    let partly = transaction.status == Status::Charge && !transaction.refunds.is_empty();
    let status = if partly && bank.scenario().partial_refund_is_refund { Status::Refund } else { transaction.status };
    Shown {
        id: &transaction.id,
        created_date: clock::print_millis(transaction.created_millis),
        invoice_id: &order.invoice_id,
        amount: transaction.remaining().number(),
        amount_bonus: transaction.bonus.number(),
        payout_amount: transaction.refunded().number(),
        org_amount: transaction.original.number(),
        approval_code: &transaction.approval_code,
        data: &order.data,
        currency: "KZT",
        terminal: "98120001",
        terminal_id: &bank.config().terminal,
        account_id: &order.account_id,
        description: &order.description,
        language: &order.language,
        card_mask: &transaction.card_mask,
        card_type: &transaction.card_type,
        issuer: "Sandbox Bank",
        reference: &transaction.reference,
        int_reference: &transaction.reference,
        reason: card::reason(transaction.reason_code),
        reason_code: match transaction.reason_code {
            0 => "00".to_owned(),
            code => code.to_string(),
        },
        secure: transaction.secure,
        secure_details: "",
        status_id: status_id(status),
        status_name: status.name(),
        name: &order.name,
        email: &order.email,
        phone: &order.phone,
        card_id: &transaction.card_id,
        xls_rrn: "",
    }
}

/// The bank names states by UUIDs too; these are the sandbox's own.
fn status_id(status: Status) -> &'static str {
    match status {
        Status::New => "00000000-0000-4000-8000-000000000001",
        Status::Fingerprint => "00000000-0000-4000-8000-000000000002",
        Status::ThreeD => "00000000-0000-4000-8000-000000000003",
        Status::Auth => "00000000-0000-4000-8000-000000000004",
        Status::Charge => "00000000-0000-4000-8000-000000000005",
        Status::Cancel => "00000000-0000-4000-8000-000000000006",
        Status::Refund => "00000000-0000-4000-8000-000000000007",
        Status::Reject => "00000000-0000-4000-8000-000000000008",
        Status::Failed => "00000000-0000-4000-8000-000000000009",
    }
}
