//! The bank over HTTP: routes, headers, and the shape of an answer.

mod admin;
mod answer;
mod invoice;
mod oauth;
mod operation;
mod payform;
mod status;
mod text;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::desk::Bank;

const STYLE: &str = include_str!("../static/style.css");
const COUNTDOWN: &str = include_str!("../static/countdown.js");

/// All routes.
pub(crate) fn router(bank: Bank) -> Router {
    Router::new()
        .route("/", get(admin::home))
        .route("/oauth2/token", post(oauth::token))
        .route("/payform/payment-api.js", get(payform::library))
        .route("/payform/", get(payform::start))
        .route("/payform/{page}", get(payform::card))
        .route("/payform/{page}/pay", post(payform::pay))
        .route("/payform/{page}/code", get(payform::code).post(payform::try_code))
        .route("/payform/{page}/leave", post(payform::leave))
        .route("/payform/{page}/result", get(payform::result))
        .route("/invoice", post(invoice::create))
        .route("/invoice/{link}", get(invoice::open))
        .route("/check-status/payment/transaction/{invoice_id}", get(status::by_invoice))
        .route("/check-status/payment/transactionId/{id}", get(status::by_id))
        .route("/operation/{id}/charge", post(operation::charge))
        .route("/operation/{id}/cancel", post(operation::cancel))
        .route("/operation/{id}/refund", post(operation::refund))
        .route("/admin", get(admin::page))
        .route("/admin/log", get(admin::log))
        .route("/admin/scenario", get(admin::scenario).post(admin::set_scenario))
        .route("/static/style.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/static/countdown.js", get(|| async { file("text/javascript; charset=utf-8", COUNTDOWN) }))
        .route("/healthz", get(|| async { "ok" }))
        .layer(axum::middleware::map_response(secure))
        .with_state(bank)
}

fn file(kind: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
