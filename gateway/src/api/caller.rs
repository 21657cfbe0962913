//! Who calls the API: a Bearer token, or the browser's session with the browser's word that the page is ours.

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method};

use crate::cookies::Cookies;
use crate::edge::{ClientAddress, same_origin};
use crate::problem::Problem;
use crate::state::App;

/// The caller's token, if there is one, and what travels with a command.
pub(crate) struct Caller {
    pub token: Option<String>,
    pub idempotency_key: Option<String>,
    pub client_address: String,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let headers = &parts.headers;
        let token = match headers.get(AUTHORIZATION) {
            Some(value) => {
                let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
                Some(token.ok_or_else(Problem::not_signed_in)?.trim().to_owned())
            }
            None => of_session(app, &parts.method, headers).await?,
        };
        let idempotency_key = match headers.get("idempotency-key") {
            None => None,
            Some(value) => {
                let key = value.to_str().map_err(|_| Problem::malformed())?;
                let plain = (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
                Some(plain.then(|| key.to_owned()).ok_or_else(Problem::malformed)?)
            }
        };
        let client_address = parts
            .extensions
            .get::<ClientAddress>()
            .map(|address| address.behind_proxy(headers).to_string())
            .unwrap_or_default();
        Ok(Self { token, idempotency_key, client_address })
    }
}

async fn of_session(app: &App, method: &Method, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(session) = Cookies::new(app.config.is_https()).session(headers) else {
        return Ok(None);
    };
    if !method.is_safe() {
        // A cookie comes along by itself, so that the browser must say where the request is from.
        let said = headers.contains_key("origin") || headers.contains_key("sec-fetch-site");
        if !said || !same_origin(headers, &app.config.origin()) {
            return Err(Problem::form_foreign());
        }
    }
    Ok(app.sessions.find(app, &session).await?.map(|signed_in| signed_in.token.clone()))
}
