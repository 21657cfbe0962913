//! The bank's callback: the body goes to payments as it is, and 200 is said only once it is stored.

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use proto::payments::v1::RecordCallbackRequest;

use crate::edge::ClientAddress;
use crate::problem::Problem;
use crate::state::App;

pub(super) async fn record(
    State(app): State<App>,
    Path(attempt_id): Path<String>,
    Extension(address): Extension<ClientAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let message = RecordCallbackRequest {
        attempt_id,
        body: body.into(),
        client_address: address.behind_proxy(&headers).to_string(),
    };
    let request = crate::services::request(message, None, None);
    app.services.payments().record_callback(request).await?;
    Ok(StatusCode::OK.into_response())
}
