//! Files of the API: documents up and down, PDFs. A file is the body itself, not JSON.

use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use proto::applications::v1::{
    DownloadDocumentRequest, GetActRequest, GetPublicOfferRequest, UploadDocumentRequest, UploadStart,
    upload_document_request::Part,
};
use proto::billing::v1::{GetDocumentPdfRequest, GetInvoicePdfRequest};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::caller::Caller;
use crate::download::Download;
use crate::edge;
use crate::pages::attachment;
use crate::problem::Problem;
use crate::routes::{Audience, Body, Route, get, route};
use crate::state::App;
use crate::upload::{fed, feed, pieces};

const DOCUMENTS: &str = "/api/v1/applications/{number}/documents";
const DOCUMENT: &str = "/api/v1/applications/{number}/documents/{document_id}";
const ACT: &str = "/api/v1/applications/{number}/acts/{kind}/pdf";
const INVOICE: &str = "/api/v1/invoices/{invoice_id}/pdf";
const BILLED: &str = "/api/v1/documents/{code}/pdf";
const OFFER: &str = "/api/v1/public-offer/pdf";

pub(super) fn routes() -> Vec<Route> {
    vec![
        route(Method::POST, Audience::Program, DOCUMENTS, upload).body(Body::Upload),
        get(Audience::Program, DOCUMENT, download),
        get(Audience::Program, ACT, act_pdf),
        get(Audience::Program, INVOICE, invoice_pdf),
        get(Audience::Program, BILLED, document_pdf),
        get(Audience::Public, OFFER, offer_pdf),
    ]
}

/// What OpenAPI says of them.
pub(crate) fn operations() -> Vec<(&'static str, &'static str, Value)> {
    let text = |name: &str, place: &str, required: bool| json!({ "name": name, "in": place, "required": required, "schema": { "type": "string" } });
    let file = json!({ "200": { "description": "The file", "content": { "application/octet-stream": {} } } });
    vec![
        (
            DOCUMENTS,
            "post",
            json!({
                "operationId": "applications_UploadDocument", "summary": "Upload a document", "tags": ["applications"],
                "parameters": [text("number", "path", true), text("code", "query", true), text("file_name", "query", true), text("person_id", "query", false)],
                "requestBody": { "content": { "application/octet-stream": {} } },
                "responses": { "201": { "description": "Stored" } }
            }),
        ),
        (
            DOCUMENT,
            "get",
            json!({ "operationId": "applications_DownloadDocument", "summary": "Download a document", "tags": ["applications"],
                "parameters": [text("number", "path", true), text("document_id", "path", true)], "responses": file }),
        ),
        (
            ACT,
            "get",
            json!({ "operationId": "applications_DownloadAct", "summary": "A printed act as PDF", "tags": ["applications"],
                "parameters": [text("number", "path", true), text("kind", "path", true), text("locale", "query", false)], "responses": file }),
        ),
        (
            INVOICE,
            "get",
            json!({ "operationId": "billing_GetInvoicePdf", "summary": "The invoice as PDF", "tags": ["billing"],
                "parameters": [text("invoice_id", "path", true), text("locale", "query", false)], "responses": file }),
        ),
        (
            BILLED,
            "get",
            json!({ "operationId": "billing_GetDocumentPdf", "summary": "An invoice, receipt, credit note or act as PDF", "tags": ["billing"],
                "parameters": [text("code", "path", true), text("locale", "query", false)], "responses": file }),
        ),
        (
            OFFER,
            "get",
            json!({ "operationId": "applications_GetPublicOfferPdf", "summary": "The public offer as PDF", "tags": ["applications"],
                "parameters": [text("locale", "query", false)], "responses": file, "security": [] }),
        ),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadQuery {
    code: String,
    file_name: String,
    #[serde(default)]
    person_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocaleQuery {
    #[serde(default)]
    locale: String,
}

impl LocaleQuery {
    fn or_english(self) -> String {
        if self.locale.is_empty() { "en".to_owned() } else { self.locale }
    }
}

async fn upload(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<i64>,
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
    let mut applications = app.services.applications();
    let call = applications.upload_document(call_request);
    let limit = app.config.limits.upload_bytes_max;
    let mut body = HttpBody::new(http_body_util::Limited::new(request.into_body(), limit)).into_data_stream();
    let start = UploadStart { number, person_id: query.person_id, code: query.code, file_name: query.file_name };
    let message = |part| UploadDocumentRequest { part: Some(part) };
    let too_large = |_| Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE);
    let feeding = feed(&mut body, pieces, message(Part::Start(start)), |data| message(Part::Data(data)), too_large);
    let answer = fed(call, feeding).await?;
    let document = answer?.into_inner().document.unwrap_or_default();
    let body = json!({
        "id": document.id,
        "file_name": document.file_name,
        "media_type": document.media_type,
        "size_bytes": document.size_bytes,
        "uploaded_at_micros": document.uploaded_at_micros,
        "state": document.state,
        "scanned": document.scanned,
    });
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

async fn download(
    State(app): State<App>,
    caller: Caller,
    Path((number, document_id)): Path<(i64, String)>,
) -> Result<Response, Problem> {
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    let message = DownloadDocumentRequest { number, document_id };
    let request = crate::services::long_request(message, Some(&token), Duration::from_secs(edge::DOWNLOAD_SECONDS));
    let chunks = app.services.applications().download_document(request).await?.into_inner();
    Ok(Download::open(chunks).await?.attached())
}

async fn act_pdf(
    State(app): State<App>,
    caller: Caller,
    Path((number, kind)): Path<(i64, String)>,
    Query(query): Query<LocaleQuery>,
) -> Result<Response, Problem> {
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    let message = GetActRequest { number, kind, locale: query.or_english() };
    let request = crate::services::long_request(message, Some(&token), Duration::from_secs(edge::DOWNLOAD_SECONDS));
    let chunks = app.services.applications().download_act(request).await?.into_inner();
    Ok(Download::open(chunks).await?.attached())
}

async fn invoice_pdf(
    State(app): State<App>,
    caller: Caller,
    Path(invoice_id): Path<String>,
    Query(query): Query<LocaleQuery>,
) -> Result<Response, Problem> {
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    let message = GetInvoicePdfRequest { invoice_id, locale: query.or_english() };
    let request = crate::services::request(message, Some(&token), None);
    let file = app.services.billing().get_invoice_pdf(request).await?.into_inner();
    Ok(attachment(&file.file_name, "application/pdf", file.data))
}

async fn document_pdf(
    State(app): State<App>,
    caller: Caller,
    Path(code): Path<String>,
    Query(query): Query<LocaleQuery>,
) -> Result<Response, Problem> {
    let token = caller.token.ok_or_else(Problem::not_signed_in)?;
    let request =
        crate::services::request(GetDocumentPdfRequest { code, locale: query.or_english() }, Some(&token), None);
    let file = app.services.billing().get_document_pdf(request).await?.into_inner();
    Ok(attachment(&file.file_name, "application/pdf", file.data))
}

async fn offer_pdf(State(app): State<App>, Query(query): Query<LocaleQuery>) -> Result<Response, Problem> {
    let message = GetPublicOfferRequest { version: 0, locale: query.or_english() };
    let request = crate::services::request(message, None, None);
    let file = app.services.applications().get_public_offer_pdf(request).await?.into_inner();
    Ok(attachment(&file.file_name, "application/pdf", file.data))
}
