//! A bank that answers each status inquiry as the test says, and remembers what it was told.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};

pub const TERMINAL: &str = "67e34d63-102f-4bd1-898e-370781d0074d";

/// A running bank; it ends with the test's runtime.
pub struct Bank {
    pub url: String,
    told: Told,
}

#[derive(Clone, Default)]
struct Told {
    /// What every order's status is; none: nobody has opened the page.
    transaction: Arc<Mutex<Option<Value>>>,
    /// The forms by which tokens were asked for.
    forms: Arc<Mutex<Vec<String>>>,
    down: Arc<Mutex<bool>>,
    operations: Arc<Mutex<Vec<String>>>,
    manner: Arc<Mutex<Manner>>,
}

/// What becomes of an operation.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Manner {
    #[default]
    Does,
    Refuses,
    /// It does it, and the answer is lost.
    LosesAnswer,
    /// It never hears of it.
    LosesCall,
}

impl Bank {
    #[expect(clippy::disallowed_methods, reason = "the bank ends with the test's runtime")]
    pub async fn open() -> Self {
        let told = Told::default();
        let router = Router::new()
            .route("/oauth2/token", post(token))
            .route("/check-status/payment/transaction/{order}", get(status))
            .route("/operation/{id}/refund", post(refund))
            .route("/operation/{id}/charge", post(charge))
            .route("/operation/{id}/cancel", post(cancel))
            .with_state(told.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, told }
    }

    /// From now on the order's transaction stands so; fields that are given replace a whole charge's.
    pub fn says(&self, changed: &Value) {
        let mut transaction = json!({
            "id": "op-1", "statusName": "CHARGE", "amount": 10000, "amountBonus": 0, "payoutAmount": 0, "currency": "KZT",
            "terminal": TERMINAL, "reasonCode": "00", "reference": "632613500102", "approvalCode": "157911",
            "cardMask": "440563...5096", "createdDate": "2026-11-23T10:05:00+05:00",
        });
        for (key, value) in changed.as_object().unwrap() {
            transaction[key] = value.clone();
        }
        *self.told.transaction.lock().unwrap() = Some(transaction);
    }

    /// It answers nobody, or again.
    pub fn is_down(&self, down: bool) {
        *self.told.down.lock().unwrap() = down;
    }

    /// How it takes operations from now on.
    pub fn takes_operations(&self, manner: Manner) {
        *self.told.manner.lock().unwrap() = manner;
    }

    /// The operations that it was called for, as they came: kind, id, and what the address says.
    pub fn operations(&self) -> Vec<String> {
        self.told.operations.lock().unwrap().clone()
    }

    /// The secret that the last payment's token was asked for with.
    pub fn secret(&self) -> String {
        let forms = self.told.forms.lock().unwrap();
        let mut fields = forms.iter().rev().flat_map(|form| form.split('&'));
        fields.find_map(|field| field.strip_prefix("secret_hash=")).unwrap().to_owned()
    }
}

async fn token(State(told): State<Told>, form: String) -> Result<String, axum::http::StatusCode> {
    told.forms.lock().unwrap().push(form);
    if *told.down.lock().unwrap() {
        return Err(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    }
    Ok(json!({ "access_token": "a-token", "expires_in": 1200, "scope": "payment" }).to_string())
}

async fn status(State(told): State<Told>, Path(order): Path<String>) -> Result<String, axum::http::StatusCode> {
    if *told.down.lock().unwrap() {
        return Err(axum::http::StatusCode::BAD_GATEWAY);
    }
    let Some(mut transaction) = told.transaction.lock().unwrap().clone() else {
        return Ok(json!({ "resultCode": "102", "resultMessage": "not found" }).to_string());
    };
    transaction["invoiceID"] = order.into();
    Ok(json!({ "resultCode": "100", "transaction": transaction }).to_string())
}

async fn refund(State(told): State<Told>, Path(id): Path<String>, RawQuery(query): RawQuery) -> (StatusCode, String) {
    let query = query.unwrap_or_default();
    told.operations.lock().unwrap().push(format!("refund {id} {query}"));
    let manner = *told.manner.lock().unwrap();
    if manner == Manner::Refuses {
        return (StatusCode::BAD_REQUEST, json!({ "code": 100, "message": "no" }).to_string());
    }
    if manner != Manner::LosesCall {
        let mut known = told.transaction.lock().unwrap();
        let transaction = known.as_mut().unwrap();
        let left = transaction["amount"].as_i64().unwrap();
        let part = query.split('&').find_map(|field| field.strip_prefix("amount="));
        let sum = part.map_or(left, |text| text.parse().unwrap());
        let before = transaction["payoutAmount"].as_i64().unwrap_or(0);
        transaction["orgAmount"] = (left + before).into();
        transaction["amount"] = (left - sum).into();
        transaction["payoutAmount"] = (before + sum).into();
    }
    if manner == Manner::Does {
        return (StatusCode::OK, json!({ "code": 0 }).to_string());
    }
    (StatusCode::BAD_GATEWAY, "<html>".to_owned())
}

async fn charge(state: State<Told>, id: Path<String>) -> (StatusCode, String) {
    settle(&state, &id, "charge", "CHARGE")
}

async fn cancel(state: State<Told>, id: Path<String>) -> (StatusCode, String) {
    settle(&state, &id, "cancel", "CANCEL")
}

/// A held sum is taken or let go.
fn settle(told: &Told, id: &str, what: &str, becomes: &str) -> (StatusCode, String) {
    told.operations.lock().unwrap().push(format!("{what} {id}"));
    let manner = *told.manner.lock().unwrap();
    let mut known = told.transaction.lock().unwrap();
    let transaction = known.as_mut().unwrap();
    if manner == Manner::Refuses || transaction["statusName"] != "AUTH" {
        return (StatusCode::BAD_REQUEST, json!({ "code": 100, "message": "not in AUTH" }).to_string());
    }
    if manner != Manner::LosesCall {
        transaction["statusName"] = becomes.into();
    }
    if manner == Manner::Does { (StatusCode::OK, String::new()) } else { (StatusCode::BAD_GATEWAY, String::new()) }
}
