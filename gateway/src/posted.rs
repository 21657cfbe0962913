//! A posted form: from a page of ours, with its token, in the only encoding our forms use.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::header::CONTENT_TYPE;
use http::request::Parts;

use crate::edge;
use crate::fields::Fields;
use crate::kept::{Kept, OWNER};
use crate::problem::Problem;
use crate::state::App;
use crate::visit::Visit;

/// Name of the hidden field with the form token.
pub const TOKEN: &str = "form_token";
/// Name of the hidden field with the idempotency key.
pub const KEY: &str = "form_key";
/// Name of the hidden field with the version a page was made from.
pub const VERSION: &str = "version";

pub struct Posted {
    pub visit: Visit,
    pub fields: Fields,
}

impl Posted {
    /// A call of a command, with the form's idempotency key.
    pub fn command<M>(&self, message: M) -> tonic::Request<M> {
        let key = self.fields.get(KEY);
        self.visit.command(message, (!key.is_empty() && key.len() <= 64).then_some(key))
    }

    /// The version the page was made from.
    pub fn version(&self) -> i64 {
        self.fields.number(VERSION)
    }
}

async fn read(body: Body, app: &App) -> Result<Fields, Problem> {
    let bytes = edge::read(body, app.config.limits.form_bytes_max)
        .await
        .ok_or_else(|| Problem::of_status(http::StatusCode::PAYLOAD_TOO_LARGE))?;
    Ok(Fields::parse(&bytes))
}

/// What was typed on a page of ours whose session has ended since, sealed for whoever it was; too much for the sign-in
/// page's own form is not kept.
async fn keep(parts: &Parts, body: Body, app: &App) -> Option<String> {
    if !edge::same_origin(&parts.headers, &app.config.origin()) {
        return None;
    }
    let fields = read(body, app).await.ok()?;
    let account = app.kept_key.open_owner(fields.get(OWNER))?;
    let kept = Kept {
        account,
        path: parts.uri.path().to_owned(),
        fields: Kept::typed(&fields),
        at: app.sources.now().micros(),
    };
    let sealed = app.kept_key.seal_post(&app.sources, &kept)?;
    (sealed.len() < app.config.limits.form_bytes_max / 2).then_some(sealed)
}

impl FromRequest<App> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let encoded = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded"
        });
        if !encoded {
            return Err(Problem::of_status(http::StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let visit = Visit::from_request_parts(&mut parts, app).await;
        if let Err(problem) = &visit
            && problem.status == http::StatusCode::UNAUTHORIZED
        {
            return Err(Problem { kept: keep(&parts, body, app).await, ..Problem::not_signed_in() });
        }
        let visit = visit?;
        visit.check_origin(&parts.headers)?;
        let fields = read(body, app).await?;
        visit.check_token(fields.get(TOKEN))?;
        Ok(Self { visit, fields })
    }
}
