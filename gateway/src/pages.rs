//! The web pages: server-rendered, complete without JavaScript. One file per page, its template at the same path under `templates/`.

pub(crate) mod account;
mod applications;
mod autosave;
mod booking;
mod destination;
pub(crate) mod failure;
mod invoices;
mod language;
mod messages;
mod offices;
mod pager;
mod payment;
mod public;
mod staff;
mod steps;
pub(crate) mod words;

use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

pub(crate) use destination::Destination;

use crate::edge::Policy;
use crate::problem::Problem;
use crate::routes::Route;

/// What a handler of a page answers.
pub(crate) type Answer = Result<Response, Problem>;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = public::routes();
    routes.extend(language::routes());
    routes.extend(account::routes());
    routes.extend(applications::routes());
    routes.extend(payment::routes());
    routes.extend(booking::routes());
    routes.extend(messages::routes());
    routes.extend(invoices::routes());
    routes.extend(staff::routes());
    routes
}

/// A drop-down's entry.
#[derive(Clone)]
pub(crate) struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// Renders a page.
pub(crate) fn html(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page does not render");
            Problem::internal().into_response()
        }
    }
}

/// A page again, after a refusal.
pub(crate) fn html_refused(template: &impl Template, problem: &Problem) -> Response {
    let mut response = html(template);
    if response.status().is_success() {
        *response.status_mut() = problem.status;
    }
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(http::header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// POST-redirect-GET.
pub(crate) fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// A file to look at in place, where its type can be shown safely; else for download.
pub(crate) fn view(file_name: &str, media_type: &str, body: impl IntoResponse) -> Response {
    if !is_viewable(media_type) {
        return attachment(file_name, media_type, body);
    }
    let mut response = attachment(file_name, media_type, body);
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    response.extensions_mut().insert(Policy::View);
    response
}

/// Whether a browser shows files of a type by itself.
pub(crate) fn is_viewable(media_type: &str) -> bool {
    matches!(media_type, "application/pdf" | "image/jpeg" | "image/png")
}

/// A file for download: an attachment in which nothing may run.
pub(crate) fn attachment(file_name: &str, media_type: &str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    let plain: String = file_name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_') { letter } else { '_' })
        .collect();
    let encoded: String =
        url::form_urlencoded::byte_serialize(file_name.as_bytes()).collect::<String>().replace('+', "%20");
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    let known = [
        "application/pdf",
        "image/jpeg",
        "image/png",
        "text/calendar",
        "text/csv",
        "text/plain",
        crate::sheet::WORKBOOK,
    ];
    let media_type = known.into_iter().find(|known| *known == media_type).unwrap_or("application/octet-stream");
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.extensions_mut().insert(Policy::Download);
    response
}
