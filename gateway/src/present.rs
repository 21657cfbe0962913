//! The outermost word on every answer: a problem becomes an error page in the reader's language, a way to sign in, or an RFC 9457
//! document; a new visitor gets the anonymous id that forms are bound to.

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::cookies::Cookies;
use crate::pages::{Destination, account, failure};
use crate::problem::Problem;
use crate::routes::Audience;
use crate::state::App;
use crate::text::{Language, Texts};
use crate::visit::{NewVisitor, Visit};

pub async fn present(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let cookies = Cookies::new(app.config.is_https());
    let is_api = request.uri().path().starts_with("/api/");
    let newcomer =
        !is_api && cookies.session(request.headers()).is_none() && cookies.visitor(request.headers()).is_none();
    if newcomer {
        let visitor = NewVisitor(app.random_text());
        request.extensions_mut().insert(visitor);
    }
    let (parts, body) = request.into_parts();
    let seen = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(problem) = problem_of(&mut response) {
        let request_id = response.headers().get("x-request-id").cloned();
        let allow = response.headers().get(ALLOW).cloned();
        let retry_after = problem.retry_after;
        response = if is_api {
            document(&problem, language(&seen.headers), request_id.as_ref())
        } else {
            page(&app, seen.clone(), problem, request_id.as_ref()).await
        };
        let headers = response.headers_mut();
        if let Some(id) = request_id {
            headers.insert("x-request-id", id);
        }
        if let Some(allow) = allow {
            headers.insert(ALLOW, allow);
        }
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    if let Some(NewVisitor(visitor)) = seen.extensions.get::<NewVisitor>()
        && is_html(&response)
        // Whoever has just signed in needs no anonymous id.
        && !response.headers().contains_key(http::header::SET_COOKIE)
    {
        cookies.set_visitor(response.headers_mut(), visitor);
    }
    response
}

/// The problem an answer carries, or the one that a bare status means.
fn problem_of(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let failed = response.status().is_client_error() || response.status().is_server_error();
    // A page's script gets JSON also where it is told no.
    let spoken = is_html(response)
        || ["application/json", "application/problem+json"].iter().any(|kind| content_type(response).starts_with(kind));
    (failed && !spoken).then(|| Problem::of_status(response.status()))
}

fn content_type(response: &Response) -> &str {
    response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_html(response: &Response) -> bool {
    content_type(response).starts_with("text/html")
}

fn language(headers: &http::HeaderMap) -> Language {
    headers
        .get(http::header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(Language::from_accept_language)
        .unwrap_or_default()
}

/// RFC 9457.
fn document(problem: &Problem, language: Language, request_id: Option<&HeaderValue>) -> Response {
    let texts = Texts::of(language);
    let violations: Vec<_> = problem
        .violations
        .iter()
        .map(|violation| {
            json!({
                "field": violation.field,
                "code": violation.code,
                "detail": violation.text(&texts),
                "params": violation.params,
            })
        })
        .collect();
    let body = json!({
        "type": format!("urn:portal:problem:{}", problem.code.to_ascii_lowercase().replace('_', "-")),
        "title": problem.status.canonical_reason().unwrap_or_default(),
        "status": problem.status.as_u16(),
        "code": problem.code,
        "detail": problem.text(&texts),
        "params": problem.params,
        "violations": violations,
        "request_id": request_id.and_then(|id| id.to_str().ok()),
    });
    let mut response = (problem.status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if problem.status == StatusCode::UNAUTHORIZED {
        headers.insert(http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Ok(tag) = HeaderValue::from_str(language.tag()) {
        headers.insert(http::header::CONTENT_LANGUAGE, tag);
    }
    response
}

async fn page(app: &App, parts: http::request::Parts, problem: Problem, request_id: Option<&HeaderValue>) -> Response {
    if problem.status == StatusCode::UNAUTHORIZED {
        let next = Destination::of_path(parts.uri.path());
        if let Some(kept) = &problem.kept
            && let Ok(visit) = Visit::read(app, &parts, Audience::Public).await
        {
            return account::sign_in_again(&visit, &next.name(), kept);
        }
        return Redirect::to(&format!("/login?next={}", next.name())).into_response();
    }
    let id = request_id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    match Visit::read(app, &parts, Audience::Public).await {
        Ok(visit) => failure::show(&visit, &problem, id),
        Err(_) => problem.status.into_response(),
    }
}
