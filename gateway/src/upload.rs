//! A multipart post of a page of ours; its token comes first among the fields.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use tokio::sync::mpsc;

use crate::problem::Problem;
use crate::state::App;
use crate::visit::Visit;

/// Bytes of a short text field.
pub(crate) const SHORT: usize = 1024;

/// The fields are still to be read, the token among them to be checked.
pub(crate) struct Upload {
    pub(crate) visit: Visit,
    pub(crate) multipart: Multipart,
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let visit = <Visit as FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        visit.check_origin(&parts.headers)?;
        let multipart = Multipart::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|rejection| Problem::of_status(rejection.status()))?;
        Ok(Self { visit, multipart })
    }
}

/// Sends a file on to a service, in pieces as they come. When the service ends the call early, the rest is read all the
/// same: a browser that is cut off shows no answer.
pub(crate) async fn feed<M>(
    field: &mut Field<'_>,
    pieces: mpsc::Sender<M>,
    first: M,
    piece: impl Fn(Vec<u8>) -> M,
) -> Result<(), Problem> {
    let mut message = first;
    loop {
        if pieces.send(message).await.is_err() {
            while let Ok(Some(_)) = field.chunk().await {}
            return Ok(());
        }
        match field.chunk().await {
            Ok(Some(chunk)) => message = piece(chunk.into()),
            Ok(None) => return Ok(()),
            Err(fault) => return Err(Problem::of_status(fault.status())),
        }
    }
}

/// A field of at most so many bytes.
pub(crate) async fn bytes(field: &mut Field<'_>, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|fault| Problem::of_status(fault.status()))? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Problem::of_status(http::StatusCode::PAYLOAD_TOO_LARGE));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A text field of at most so many bytes.
pub(crate) async fn text(field: &mut Field<'_>, bytes_max: usize) -> Result<String, Problem> {
    String::from_utf8(bytes(field, bytes_max).await?).map_err(|_| Problem::malformed())
}
