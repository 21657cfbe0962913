//! What the bank's API answers, and the faults that strike on the way.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::book::Token;
use crate::desk::Bank;
use crate::scenario::{Fault, FaultKind, Point};

/// A status and a JSON body (or none).
#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: StatusCode,
    body: String,
}

#[derive(Serialize)]
struct Message<'a> {
    code: u32,
    message: &'a str,
}

impl Answer {
    /// 200 with JSON.
    pub(super) fn ok(body: &impl Serialize) -> Self {
        Self { status: StatusCode::OK, body: serde_json::to_string(body).unwrap_or_default() }
    }

    /// 200 `{"code":0,…}`.
    pub(super) fn done() -> Self {
        Self::ok(&Message { code: 0, message: "success" })
    }

    /// 400 `{"code":…,"message":…}`.
    pub(super) fn refused(code: u32, message: impl std::fmt::Display) -> Self {
        let message = message.to_string();
        let body = Self::ok(&Message { code, message: &message }).body;
        Self { status: StatusCode::BAD_REQUEST, body }
    }

    /// 401.
    pub(super) fn unauthorized(message: &str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::refused(401, message) }
    }

    /// The bank's disk fails.
    pub(super) fn broken(error: &std::io::Error) -> Self {
        tracing::error!(%error, "the sandbox bank cannot write its journal");
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, ..Self::refused(500, "system error") }
    }

    fn half(mut self) -> Self {
        self.body = self.body.chars().take(self.body.chars().count() / 2).collect();
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, "application/json")], self.body).into_response()
    }
}

/// Does the work, unless a fault strikes at this point.
pub(super) async fn answer(bank: &Bank, at: Point, work: impl FnOnce() -> Answer) -> Response {
    match bank.strike(at) {
        Some(fault) => struck(at, &fault, work).await,
        None => work().into_response(),
    }
}

async fn struck(at: Point, fault: &Fault, work: impl FnOnce() -> Answer) -> Response {
    let mut lost = None;
    let mut work = Some(work);
    if fault.after {
        lost = work.take().map(|work| work());
    }
    let mut right = || lost.take().or_else(|| work.take().map(|work| work()));
    match fault.kind {
        FaultKind::Busy if at == Point::Status => {
            Answer::ok(&serde_json::json!({"resultCode": "107", "resultMessage": "In progress"})).into_response()
        }
        FaultKind::Busy => Answer::refused(107, "in progress").into_response(),
        FaultKind::Http400 if at == Point::Status => {
            let answer = right().map(|a| Answer { status: StatusCode::BAD_REQUEST, ..a });
            answer.into_response_or_gone()
        }
        FaultKind::Http400 => Answer::refused(100, "refused").into_response(),
        FaultKind::Unauthorized => Answer::unauthorized("unauthorized").into_response(),
        FaultKind::Http500 => (StatusCode::INTERNAL_SERVER_ERROR, "<html><body>500</body></html>").into_response(),
        FaultKind::Slow => {
            tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
            right().into_response_or_gone()
        }
        FaultKind::Truncated => right().map(Answer::half).into_response_or_gone(),
        FaultKind::Hang => {
            tokio::time::sleep(Duration::from_mins(5)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
    }
}

trait OrGone {
    fn into_response_or_gone(self) -> Response;
}

impl OrGone for Option<Answer> {
    fn into_response_or_gone(self) -> Response {
        self.map_or_else(|| StatusCode::GATEWAY_TIMEOUT.into_response(), IntoResponse::into_response)
    }
}

/// The token of a request, if it is still good.
pub(super) fn bearer(bank: &Bank, headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let access_token = value.strip_prefix("Bearer ")?;
    bank.read(|book| book.token(access_token).cloned())
}
