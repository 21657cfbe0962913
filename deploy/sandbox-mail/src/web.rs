//! The messages on pages and as JSON.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::mailbox::{Fate, Faults, Mailbox};
use crate::message::{Delivery, Message};

const STYLE: &str = include_str!("../static/style.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";
/// A message's own HTML: no script, nothing loaded, links open beside.
const MESSAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                              frame-ancestors 'self'; \
                              sandbox allow-popups allow-popups-to-escape-sandbox";

/// All routes.
pub(crate) fn router(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/messages/{id}", get(one))
        .route("/messages/{id}/html", get(html))
        .route("/messages/{id}/raw", get(raw))
        .route("/api/messages", get(api))
        .route("/api/faults", get(faults).post(set_faults))
        .route("/service/message/sendSmsMessage", post(text_message))
        .route("/static/style.css", get(style))
        .route("/healthz", get(|| async { "ok" }))
        .layer(axum::middleware::map_response(secure))
        .with_state(mailbox)
}

async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Only messages to an address, if one is given.
#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

impl Filter {
    fn apply(&self, mailbox: &Mailbox) -> Vec<Message> {
        let wanted = self.to.as_deref().map(str::trim).filter(|to| !to.is_empty());
        let mut messages = mailbox.messages();
        if let Some(wanted) = wanted {
            messages.retain(|message| message.to.iter().any(|to| to.eq_ignore_ascii_case(wanted)));
        }
        messages
    }
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    messages: Vec<Message>,
}

async fn list(State(mailbox): State<Mailbox>, Query(filter): Query<Filter>) -> Response {
    render(&ListPage { messages: filter.apply(&mailbox) })
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    message: Message,
    text: Vec<Piece>,
}

/// A piece of plain text: as it is, or an address that can be followed.
struct Piece {
    text: String,
    is_link: bool,
}

fn pieces(text: &str) -> Vec<Piece> {
    let words = text.split_inclusive(char::is_whitespace);
    words
        .flat_map(|word| {
            let bare = word.trim_end();
            let is_link = bare.starts_with("http://") || bare.starts_with("https://");
            let blank = word.get(bare.len()..).unwrap_or_default().to_owned();
            [Piece { text: bare.to_owned(), is_link }, Piece { text: blank, is_link: false }]
        })
        .collect()
}

async fn one(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Response {
    match mailbox.message(id) {
        Some(message) => render(&MessagePage { text: pieces(&message.text), message }),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn html(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Response {
    match mailbox.message(id) {
        Some(message) => {
            let page = format!("<base target=\"_blank\">{}", message.html);
            ([(header::CONTENT_SECURITY_POLICY, MESSAGE_POLICY)], Html(page)).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn raw(State(mailbox): State<Mailbox>, Path(id): Path<u64>) -> Response {
    match mailbox.message(id) {
        Some(message) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], message.raw).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Serialize)]
struct Messages {
    messages: Vec<Message>,
}

async fn api(State(mailbox): State<Mailbox>, Query(filter): Query<Filter>) -> Response {
    Json(Messages { messages: filter.apply(&mailbox) }).into_response()
}

/// A text message, as Mobizon's interface takes it.
#[derive(Deserialize)]
struct TextMessage {
    recipient: String,
    text: String,
    #[serde(default)]
    from: String,
}

#[derive(Deserialize)]
struct Caller {
    #[serde(default, rename = "apiKey")]
    api_key: String,
}

/// Keeps a text message among the mail, addressed to the number.
async fn text_message(
    State(mailbox): State<Mailbox>,
    Query(caller): Query<Caller>,
    Form(message): Form<TextMessage>,
) -> Response {
    let answer = |code: u8, said: &str| Json(json!({ "code": code, "data": {}, "message": said })).into_response();
    if caller.api_key.is_empty() {
        return answer(8, "authorisation failed");
    }
    let number = message.recipient.as_str();
    if !(8..=15).contains(&number.len()) || !number.chars().all(|sign| sign.is_ascii_digit()) {
        return answer(1, "the recipient is no number in international form");
    }
    let fate = mailbox.fate();
    match fate {
        Fate::Refuse => return answer(30, "try again later"),
        Fate::Reject => return answer(1, "refused"),
        Fate::Accept | Fate::KeepSilently => {}
    }
    let received = jiff::Timestamp::now().to_string();
    let kept = mailbox.keep(Delivery::text_message(&message.from, &format!("+{number}"), &message.text, received));
    match kept {
        Ok(_) if fate == Fate::KeepSilently => StatusCode::GATEWAY_TIMEOUT.into_response(),
        Ok(id) => Json(json!({
            "code": 0,
            "data": { "campaignId": id.to_string(), "messageId": id.to_string(), "status": 1 },
            "message": "",
        }))
        .into_response(),
        Err(error) => {
            tracing::error!(%error, "a text message cannot be kept");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn faults(State(mailbox): State<Mailbox>) -> Response {
    Json(mailbox.faults()).into_response()
}

async fn set_faults(State(mailbox): State<Mailbox>, Json(faults): Json<Faults>) -> Response {
    mailbox.set_faults(faults);
    Json(faults).into_response()
}
