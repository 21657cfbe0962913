//! What went wrong, as the edge tells it: a page or an RFC 9457 document is made of it at the very end, in the reader's language.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tonic::Code;

use crate::text::Texts;

/// A refusal of a service, or a fault of the edge.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// Stable SCREAMING code.
    pub code: String,
    pub params: HashMap<String, String>,
    pub violations: Vec<Violation>,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u64>,
    /// A post that met an ended session, sealed for its owner.
    pub kept: Option<String>,
}

/// One field and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Violation {
    pub field: String,
    pub code: String,
    pub params: HashMap<String, String>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            params: HashMap::new(),
            violations: Vec::new(),
            retry_after: None,
            kept: None,
        }
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND")
    }

    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL")
    }

    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "NOT_SIGNED_IN")
    }

    pub fn malformed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MALFORMED")
    }

    /// The form is another session's, or none of ours.
    pub fn form_foreign() -> Self {
        Self::new(StatusCode::FORBIDDEN, "FORM_EXPIRED")
    }

    pub fn unavailable(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE") }
    }

    /// An input that the edge itself cannot pass on, at its field.
    pub fn at(field: &str, code: &str) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code);
        problem.violations.push(Violation { field: field.to_owned(), code: code.to_owned(), params: HashMap::new() });
        problem
    }

    /// What axum answered by itself (405, 413, 415 …).
    pub fn of_status(status: StatusCode) -> Self {
        let code = match status.as_u16() {
            404 => "NOT_FOUND",
            405 => "METHOD_NOT_ALLOWED",
            413 => "TOO_LARGE",
            415 => "MEDIA_TYPE",
            400..=499 => "MALFORMED",
            _ => "INTERNAL",
        };
        Self::new(status, code)
    }

    /// True when the user can act on it: the form is shown again with what was typed.
    pub fn is_refusal(&self) -> bool {
        matches!(self.status.as_u16(), 409 | 422 | 429)
    }

    /// The refusal, or (as an error) what a form cannot mend.
    pub fn refusal(self) -> Result<Self, Self> {
        if self.is_refusal() { Ok(self) } else { Err(self) }
    }

    /// In the reader's words.
    pub fn text(&self, texts: &Texts) -> String {
        refusal_text(texts, &self.code, &self.params)
    }
}

impl Violation {
    pub fn text(&self, texts: &Texts) -> String {
        refusal_text(texts, &self.code, &self.params)
    }
}

/// The text of a refusal's code; an unknown one is told with its code, never silently.
pub fn refusal_text(texts: &Texts, code: &str, params: &HashMap<String, String>) -> String {
    let key = format!("refusal-{}", code.to_ascii_lowercase().replace('_', "-"));
    let arguments: Vec<_> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    texts.maybe(&key, &arguments).unwrap_or_else(|| texts.with("refusal-unknown", &[("code", code)]))
}

impl From<tonic::Status> for Problem {
    fn from(status: tonic::Status) -> Self {
        let parsed = chassis::status::parse(&status);
        let conflict = parsed.reason == "VERSION_CONFLICT";
        let mut retry_after = parsed.params.get("seconds").and_then(|seconds| seconds.parse().ok());
        let http = match parsed.code {
            Code::InvalidArgument | Code::OutOfRange => StatusCode::BAD_REQUEST,
            Code::FailedPrecondition if conflict => StatusCode::CONFLICT,
            Code::FailedPrecondition if retry_after.is_some() => StatusCode::TOO_MANY_REQUESTS,
            Code::FailedPrecondition | Code::AlreadyExists => StatusCode::UNPROCESSABLE_ENTITY,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::PermissionDenied => StatusCode::FORBIDDEN,
            Code::Aborted => StatusCode::CONFLICT,
            Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
            Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        if http == StatusCode::SERVICE_UNAVAILABLE {
            tracing::warn!(code = ?parsed.code, message = status.message(), "a service is away");
            retry_after = retry_after.or(Some(5));
        } else if http == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(code = ?parsed.code, message = status.message(), "a service failed");
        }
        Self {
            status: http,
            code: parsed.reason,
            params: parsed.params,
            violations: parsed
                .violations
                .into_iter()
                .map(|violation| Violation { field: violation.field, code: violation.code, params: violation.params })
                .collect(),
            retry_after,
            kept: None,
        }
    }
}

impl IntoResponse for Problem {
    /// A bare status; the outer layer turns it into a page or a document.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
