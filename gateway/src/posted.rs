//! A posted form: from a page of ours, with its token, in the only encoding our forms use.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::header::CONTENT_TYPE;

use crate::edge;
use crate::fields::Fields;
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
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        visit.check_origin(&parts.headers)?;
        let bytes = edge::read(body, app.config.limits.form_bytes_max)
            .await
            .ok_or_else(|| Problem::of_status(http::StatusCode::PAYLOAD_TOO_LARGE))?;
        let fields = Fields::parse(&bytes);
        visit.check_token(fields.get(TOKEN))?;
        Ok(Self { visit, fields })
    }
}
