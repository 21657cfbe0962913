//! `POST /operation/:id/…`: charge, cancel, refund by the bank's id.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{Answer, answer, bearer};
use crate::amount::Amount;
use crate::book::{Book, Record};
use crate::clock;
use crate::desk::Bank;
use crate::fields::Fields;
use crate::scenario::Point;
use crate::status::{Status, Step};
use crate::transaction::{Refund, Transaction};

/// The least that can be given back in part (10 KZT).
const REFUND_MIN: Amount = Amount(1_000);

/// Takes a held sum, or part of it; the amount may stand in the query, in JSON, or in both alike.
pub(super) async fn charge(
    State(bank): State<Bank>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: String,
) -> Response {
    answer(&bank, Point::Charge, || {
        let in_query = Fields::from_form(query.unwrap_or_default().as_bytes()).some("amount");
        let in_body = Fields::from_json(&body).unwrap_or_default().some("amount");
        operate(&bank, &headers, &id, |_, transaction| {
            let asked = match (in_query, in_body) {
                (Some(one), Some(other)) if Amount::parse(&one) != Amount::parse(&other) => {
                    return Err("amounts differ");
                }
                (Some(text), _) | (None, Some(text)) => Amount::parse(&text).ok_or("amount is malformed")?,
                (None, None) => transaction.original,
            };
            if asked > transaction.original || asked == Amount(0) {
                return Err("amount is out of bounds");
            }
            if !transaction.step(Step::Take) {
                return Err("transaction is not in AUTH");
            }
            transaction.original = asked;
            Ok(())
        })
    })
    .await
}

/// Releases a held sum.
pub(super) async fn cancel(State(bank): State<Bank>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(&bank, Point::Cancel, || {
        operate(&bank, &headers, &id, |_, transaction| {
            transaction.due_millis = None;
            let released = transaction.step(Step::Release);
            if released { Ok(()) } else { Err("transaction is not in AUTH") }
        })
    })
    .await
}

/// Gives back all that remains, or a part of at least 10 KZT.
pub(super) async fn refund(
    State(bank): State<Bank>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    answer(&bank, Point::Refund, || {
        let query = Fields::from_form(query.unwrap_or_default().as_bytes());
        operate(&bank, &headers, &id, |book, transaction| give_back(book, transaction, &query))
    })
    .await
}

fn give_back(book: &Book, transaction: &mut Transaction, query: &Fields) -> Result<(), &'static str> {
    if transaction.status != Status::Charge {
        return Err("transaction is not in CHARGE");
    }
    let external_id = query.get("externalID").to_owned();
    let mut earlier = transaction.refunds.iter();
    let again = !external_id.is_empty() && earlier.any(|r| r.external_id == external_id);
    if again && book.scenario.refund_external_id_unique {
        return Err("externalID was used before");
    }
    let rest = transaction.refundable();
    let amount = match query.some("amount") {
        None => rest,
        Some(text) => Amount::parse(&text).ok_or("amount is malformed")?,
    };
    if amount > rest || (amount < rest && amount < REFUND_MIN) {
        return Err("amount is out of bounds");
    }
    let step = if amount == rest { Step::ReturnAll } else { Step::ReturnPart };
    transaction.step(step);
    transaction.refunds.push(Refund { amount, external_id, at_millis: clock::now_millis() });
    Ok(())
}

fn operate(
    bank: &Bank,
    headers: &HeaderMap,
    id: &str,
    work: impl FnOnce(&Book, &mut Transaction) -> Result<(), &'static str>,
) -> Answer {
    let Some(token) = bearer(bank, headers) else {
        return Answer::unauthorized("no valid token");
    };
    if token.payment.is_some() || token.terminal != bank.config().terminal {
        return Answer::unauthorized("not a token for this terminal's operations");
    }
    let worked = bank.change(|book| {
        let mut transaction = book.by_id(id).ok_or("transaction not found")?;
        work(book, &mut transaction)?;
        book.put(Record::Transaction(Box::new(transaction)));
        Ok::<_, &'static str>(())
    });
    match worked {
        Ok(Ok(())) => Answer::done(),
        Ok(Err(message)) => Answer::refused(100, message),
        Err(error) => Answer::broken(&error),
    }
}
