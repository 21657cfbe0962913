//! Security headers on every answer, errors included. A page that needs another policy says so by an extension of its response.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::state::App;

/// Which Content-Security-Policy an answer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Our own pages.
    Page,
    /// The page that leads to the bank: its script and address are the bank's.
    Payment { origins: Vec<String> },
    /// A file for download: nothing in it may run.
    Download,
    /// A file that is shown in place, alone or in a frame of our own page: nothing in it may load or send anything.
    View,
    /// A page of ours that shows files in frames.
    Review,
    /// The API's readable description, with the viewer's own inline styles.
    Docs,
}

const PAGE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const DOCS: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
const VIEW: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; \
     base-uri 'none'; form-action 'none'";
const DOWNLOAD: &str = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

impl Policy {
    fn text(&self) -> String {
        match self {
            Self::Page => PAGE.to_owned(),
            Self::Docs => DOCS.to_owned(),
            Self::Download => DOWNLOAD.to_owned(),
            Self::View => VIEW.to_owned(),
            Self::Review => format!("{PAGE}; frame-src 'self'"),
            Self::Payment { origins } => {
                let bank = origins.join(" ");
                format!(
                    "default-src 'none'; style-src 'self'; script-src 'self' {bank}; img-src 'self' data: {bank}; font-src 'self'; \
                     connect-src 'self' {bank}; frame-src {bank}; form-action 'self' {bank}; frame-ancestors 'none'; base-uri 'none'"
                )
            }
        }
    }
}

const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("x-permitted-cross-domain-policies", "none"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
];

/// Sets the headers of one answer.
pub async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = response.extensions_mut().remove::<Policy>().unwrap_or(Policy::Page);
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if policy == Policy::View {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
    // The bank's window may speak to its opener; elsewhere no other window may.
    let opener = match policy {
        Policy::Payment { .. } => "same-origin-allow-popups",
        Policy::Page | Policy::Download | Policy::View | Policy::Review | Policy::Docs => "same-origin",
    };
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static(opener));
    if let Ok(value) = HeaderValue::from_str(&policy.text()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    if app.config.is_https() {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    // What is not said to be public is personal.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
