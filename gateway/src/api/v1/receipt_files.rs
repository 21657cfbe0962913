//! Receipts of bank transfers, up and down: a file is the body itself, not JSON.

use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use proto::billing::v1::{DownloadReceiptRequest, ReceiptStart, UploadReceiptRequest, upload_receipt_request::Part};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::caller::Caller;
use crate::download::Download;
use crate::edge;
use crate::problem::Problem;
use crate::routes::{Audience, Body, Route, get, route};
use crate::state::App;
use crate::upload::{fed, feed, pieces};

const RECEIPTS: &str = "/api/v1/applications/{application_number}/receipts";
const RECEIPT: &str = "/api/v1/applications/{application_number}/receipts/{receipt_id}";

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, Audience::Program, RECEIPTS, upload).body(Body::Upload),
        get(Audience::Program, RECEIPT, download),
    ]
}

/// What OpenAPI says of them.
pub(crate) fn operations() -> Vec<(&'static str, &'static str, Value)> {
    let text = |name: &str, place: &str| json!({ "name": name, "in": place, "required": true, "schema": { "type": "string" } });
    let file = json!({ "200": { "description": "The file", "content": { "application/octet-stream": {} } } });
    vec![
        (
            RECEIPTS,
            "post",
            json!({ "operationId": "billing_UploadReceipt", "summary": "Show the receipt of a bank transfer", "tags": ["billing"],
                "parameters": [text("application_number", "path"), text("amount_minor", "query"), text("paid_on", "query"), text("file_name", "query")],
                "requestBody": { "content": { "application/octet-stream": {} } },
                "responses": { "201": { "description": "Stored" } } }),
        ),
        (
            RECEIPT,
            "get",
            json!({ "operationId": "billing_DownloadReceipt", "summary": "Download the receipt of a bank transfer", "tags": ["billing"],
                "parameters": [text("application_number", "path"), text("receipt_id", "path")], "responses": file }),
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    amount_minor: i64,
    paid_on: String,
    file_name: String,
}

async fn upload(
    State(app): State<App>,
    caller: Caller,
    Path(application_number): Path<i64>,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let binary =
        request.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes() == b"application/octet-stream");
    if !binary {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    let (pieces, whole) = pieces();
    let longer = Duration::from_secs(app.config.limits.upload_seconds);
    let call_request = crate::services::long_request(whole, Some(&token), longer);
    let mut billing = app.services.billing();
    let limit = app.config.limits.upload_bytes_max;
    let mut body = HttpBody::new(http_body_util::Limited::new(request.into_body(), limit)).into_data_stream();
    let message = |part| UploadReceiptRequest { part: Some(part) };
    let start = Part::Start(ReceiptStart {
        application_number,
        amount: Some(crate::money::home(query.amount_minor)),
        paid_on: query.paid_on,
        file_name: query.file_name,
    });
    let too_large = |_| Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE);
    let feeding = feed(&mut body, pieces, message(start), |data| message(Part::Data(data)), too_large);
    let billable = fed(billing.upload_receipt(call_request), feeding).await??.into_inner();
    let receipt = billable.receipts.last();
    let body = json!({ "id": receipt.map(|receipt| receipt.id.as_str()), "version": billable.version });
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

async fn download(
    State(app): State<App>,
    caller: Caller,
    Path((application_number, receipt_id)): Path<(i64, String)>,
) -> Result<Response, Problem> {
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    let longer = Duration::from_secs(edge::DOWNLOAD_SECONDS);
    let message = DownloadReceiptRequest { application_number, receipt_id };
    let request = crate::services::long_request(message, Some(&token), longer);
    let chunks = app.services.billing().download_receipt(request).await?.into_inner();
    Ok(Download::open(chunks).await?.attached())
}
