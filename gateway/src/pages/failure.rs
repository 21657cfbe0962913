//! The error page: what happened in the reader's words, and a way back.

use askama::Template;
use axum::response::Response;

use crate::frame::Frame;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    text: String,
    advice: String,
    retry: bool,
    /// The page on which an expired link stood.
    back: String,
    request_id: String,
}

fn stood_on(visit: &Visit, problem: &Problem) -> String {
    if problem.status != http::StatusCode::GONE {
        return String::new();
    }
    let path = visit.path.as_str();
    if path.starts_with("/account/") {
        return "/account/documents".to_owned();
    }
    match (path.split_once("/documents"), path.split_once("/receipts"), visit.is_staff()) {
        (Some((page, _)), _, true) => format!("/staff{page}"),
        (Some((page, _)), _, false) => page.to_owned(),
        (None, Some((page, _)), true) => page.replacen("/applications", "/staff/payments", 1),
        (None, Some((page, _)), false) => format!("{page}/invoice"),
        (None, None, _) => String::new(),
    }
}

pub(crate) fn show(visit: &Visit, problem: &Problem, request_id: &str) -> Response {
    let title = match problem.status.as_u16() {
        403 => "failure-forbidden",
        410 => "failure-gone",
        404 | 405 => "failure-not-found",
        409 => "failure-conflict",
        503 => "failure-unavailable",
        500..=599 => "failure-internal",
        _ => "failure-request",
    };
    let advice = match problem.status.as_u16() {
        404 => "failure-not-found-advice",
        409 => "failure-conflict-advice",
        410 => "failure-gone-advice",
        500..=599 => "failure-unavailable-advice",
        _ => "",
    };
    let page = FailurePage {
        frame: Frame::new(visit, title),
        text: problem.text(&visit.texts),
        advice: if advice.is_empty() { String::new() } else { visit.texts.get(advice) },
        retry: problem.status.is_server_error() || problem.status == http::StatusCode::CONFLICT,
        back: stood_on(visit, problem),
        request_id: request_id.to_owned(),
    };
    let mut response = super::html(&page);
    *response.status_mut() = problem.status;
    response
}
