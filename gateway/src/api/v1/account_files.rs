//! Papers of the own account, up and down: a file is the body itself, not JSON.

use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use proto::identity::v1::{
    AccountDocumentStart, DownloadAccountDocumentRequest, UploadAccountDocumentRequest,
    upload_account_document_request::Part,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::caller::Caller;
use crate::download::Download;
use crate::edge;
use crate::problem::Problem;
use crate::routes::{Audience, Body, Route, get, route};
use crate::state::App;
use crate::upload::{fed, feed, pieces};

const DOCUMENTS: &str = "/api/v1/account/documents";
const DOCUMENT: &str = "/api/v1/account/documents/{document_id}";

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, Audience::Program, DOCUMENTS, upload).body(Body::Upload),
        get(Audience::Program, DOCUMENT, download),
    ]
}

/// What OpenAPI says of them.
pub(crate) fn operations() -> Vec<(&'static str, &'static str, Value)> {
    let text = |name: &str, place: &str| json!({ "name": name, "in": place, "required": true, "schema": { "type": "string" } });
    let file = json!({ "200": { "description": "The file", "content": { "application/octet-stream": {} } } });
    vec![
        (
            DOCUMENTS,
            "post",
            json!({ "operationId": "identity_UploadAccountDocument", "summary": "Add a paper to the own account", "tags": ["identity"],
                "parameters": [text("code", "query"), text("file_name", "query")],
                "requestBody": { "content": { "application/octet-stream": {} } },
                "responses": { "201": { "description": "Stored" } } }),
        ),
        (
            DOCUMENT,
            "get",
            json!({ "operationId": "identity_DownloadAccountDocument", "summary": "Download a paper of the own account", "tags": ["identity"],
                "parameters": [text("document_id", "path")], "responses": file }),
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    code: String,
    file_name: String,
}

async fn upload(
    State(app): State<App>,
    caller: Caller,
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
    let mut identity = app.services.identity();
    let limit = app.config.limits.upload_bytes_max;
    let mut body = HttpBody::new(http_body_util::Limited::new(request.into_body(), limit)).into_data_stream();
    let message = |part| UploadAccountDocumentRequest { part: Some(part) };
    let start = Part::Start(AccountDocumentStart { code: query.code, file_name: query.file_name });
    let too_large = |_| Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE);
    let feeding = feed(&mut body, pieces, message(start), |data| message(Part::Data(data)), too_large);
    let answer = fed(identity.upload_account_document(call_request), feeding).await?;
    let document = answer?.into_inner();
    let body = json!({
        "id": document.id,
        "code": document.code,
        "file_name": document.file_name,
        "media_type": document.media_type,
        "size_bytes": document.size_bytes,
        "uploaded_at_micros": document.uploaded_at_micros,
    });
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

async fn download(
    State(app): State<App>,
    caller: Caller,
    Path(document_id): Path<String>,
) -> Result<Response, Problem> {
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    let longer = Duration::from_secs(edge::DOWNLOAD_SECONDS);
    let request = crate::services::long_request(DownloadAccountDocumentRequest { document_id }, Some(&token), longer);
    let chunks = app.services.identity().download_account_document(request).await?.into_inner();
    Ok(Download::open(chunks).await?.attached())
}
