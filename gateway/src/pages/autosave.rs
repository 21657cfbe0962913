//! What the page's script gets back when it saves by itself what is being typed: the version that there is now, or why it
//! is not saved.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::problem::Problem;
use crate::visit::Visit;

/// The button that the script presses.
pub(crate) const ACTION: &str = "autosave";

#[derive(Serialize)]
struct Saved {
    version: i64,
    text: String,
    /// Where the form is from now on; empty: where it was.
    address: String,
}

#[derive(Serialize)]
struct NotSaved {
    text: String,
}

pub(crate) fn saved(visit: &Visit, version: i64, address: &str) -> Response {
    Json(Saved { version, text: visit.texts.get("autosaved"), address: address.to_owned() }).into_response()
}

pub(crate) fn refused(visit: &Visit, problem: &Problem) -> Response {
    // What is half typed is no fault yet; a conflict is one.
    let text = if problem.status == http::StatusCode::CONFLICT {
        problem.text(&visit.texts)
    } else {
        visit.texts.get("not-saved-yet")
    };
    (problem.status, Json(NotSaved { text })).into_response()
}
