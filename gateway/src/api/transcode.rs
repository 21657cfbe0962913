//! From JSON to a service's message and back, by the descriptors of the published language.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::{RawPathParams, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use prost::Message as _;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, Kind, MessageDescriptor, MethodDescriptor, SerializeOptions,
};
use serde_json::{Map, Value};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use super::call::Call;
use super::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// The descriptors of all contracts.
pub(crate) static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(proto::DESCRIPTORS).unwrap_or_else(|error| {
        tracing::error!(%error, "the contracts' descriptors cannot be read");
        DescriptorPool::new()
    })
});

/// The RPC of a call.
pub(crate) fn method(call: &Call) -> Option<MethodDescriptor> {
    let (service, name) = call.service_and_method();
    POOL.get_service_by_name(&service)?.methods().find(|method| method.name() == name)
}

/// Answers one request of the API.
pub(crate) async fn answer(
    call: &Call,
    State(app): State<App>,
    caller: Caller,
    parameters: RawPathParams,
    query: Option<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !call.public && caller.token.is_none() {
        return Err(Problem::not_signed_in());
    }
    if call.keyed && caller.idempotency_key.is_none() {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "IDEMPOTENCY_KEY_MISSING"));
    }
    let method = method(call).ok_or_else(Problem::internal)?;
    let input = method.input();
    let mut fields = if call.method == Method::GET || call.method == Method::DELETE {
        of_query(&input, query.as_deref().unwrap_or_default())
    } else {
        of_body(&headers, &body)?
    };
    for (name, value) in &parameters {
        fields.insert(name.to_owned(), Value::String(value.to_owned()));
    }
    if input.get_field_by_name("client_address").is_some() {
        fields.insert("client_address".to_owned(), Value::String(caller.client_address.clone()));
    }
    if input.get_field_by_name("version").is_some() && is_edit(call) && !fields.contains_key("version") {
        fields.insert("version".to_owned(), Value::String(if_match(&headers)?));
    }
    let message = parse(input, Value::Object(fields))?;
    let answer = send(&app, call, &method, message, caller.token.as_deref(), caller.idempotency_key.as_deref()).await?;
    present(call, &answer)
}

async fn send(
    app: &App,
    call: &Call,
    method: &MethodDescriptor,
    message: DynamicMessage,
    token: Option<&str>,
    idempotency_key: Option<&str>,
) -> Result<DynamicMessage, Problem> {
    let request = crate::services::request(message, token, idempotency_key);
    let channel = app.services.by_context(call.context()).ok_or_else(Problem::internal)?;
    let mut client = tonic::client::Grpc::new(channel).max_decoding_message_size(8 * 1024 * 1024);
    client.ready().await.map_err(|error| {
        tracing::warn!(%error, "a service is away");
        Problem::unavailable(5)
    })?;
    let (service, name) = call.service_and_method();
    let path = format!("/{service}/{name}").parse().map_err(|_| Problem::internal())?;
    let codec = DynamicCodec { output: method.output() };
    Ok(client.unary(request, path, codec).await?.into_inner())
}

/// What an RPC answers to a read, as the API would say it.
pub(crate) async fn ask(app: &App, rpc: &'static str, fields: Value, token: &str) -> Result<Value, Problem> {
    let call = Call::get("", rpc, "");
    let method = method(&call).ok_or_else(Problem::internal)?;
    let message = parse(method.input(), fields)?;
    let answer = send(app, &call, &method, message, Some(token), None).await?;
    written(&answer, serde_json::value::Serializer)
}

/// A message as JSON, the one way in which the API writes it.
fn written<S: serde::Serializer>(answer: &DynamicMessage, serializer: S) -> Result<S::Ok, Problem> {
    let options =
        SerializeOptions::new().stringify_64_bit_integers(false).use_proto_field_name(true).skip_default_fields(false);
    answer.serialize_with_options(serializer, &options).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written as JSON");
        Problem::internal()
    })
}

/// Edits take the version they were made from; reads with a version field (a text's, say) do not, and what is made anew
/// has none yet.
pub(super) fn is_edit(call: &Call) -> bool {
    call.method != Method::GET && call.status != StatusCode::CREATED.as_u16()
}

fn of_body(headers: &HeaderMap, body: &Bytes) -> Result<Map<String, Value>, Problem> {
    let json = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
        value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
    });
    if !json {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|error| malformed(&error.to_string()))
}

/// Query parameters are fields of the request; `page` and `size` are those of its page.
fn of_query(input: &MessageDescriptor, query: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    let paged = input
        .get_field_by_name("page")
        .is_some_and(|field| matches!(field.kind(), Kind::Message(message) if message.name() == "PageRequest"));
    let mut page = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = Value::String(value.into_owned());
        if paged && matches!(name.as_ref(), "page" | "size") {
            page.insert(name.into_owned(), value);
        } else {
            fields.insert(name.into_owned(), value);
        }
    }
    if !page.is_empty() {
        fields.insert("page".to_owned(), Value::Object(page));
    }
    fields
}

/// The version of an `If-Match: "5"`.
fn if_match(headers: &HeaderMap) -> Result<String, Problem> {
    let value =
        headers.get(IF_MATCH).ok_or_else(|| Problem::new(StatusCode::PRECONDITION_REQUIRED, "IF_MATCH_MISSING"))?;
    let text = value.to_str().map_err(|_| Problem::malformed())?.trim().trim_matches('"');
    text.parse::<i64>().map(|version| version.to_string()).map_err(|_| Problem::malformed())
}

fn parse(input: MessageDescriptor, fields: Value) -> Result<DynamicMessage, Problem> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    DynamicMessage::deserialize_with_options(input, fields, &options).map_err(|error| malformed(&error.to_string()))
}

fn malformed(detail: &str) -> Problem {
    let mut problem = Problem::malformed();
    problem.params.insert("detail".to_owned(), detail.chars().take(300).collect());
    problem
}

fn present(call: &Call, answer: &DynamicMessage) -> Result<Response, Problem> {
    let mut bytes = Vec::new();
    written(answer, &mut serde_json::Serializer::new(&mut bytes))?;
    let status = StatusCode::from_u16(call.status).unwrap_or(StatusCode::OK);
    let mut response = (status, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(version) = answer.get_field_by_name("version").and_then(|value| value.as_i64())
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\""))
    {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}

/// Carries messages known only by their descriptors.
struct DynamicCodec {
    output: MessageDescriptor,
}

impl Codec for DynamicCodec {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = DynamicEncoder;
    type Decoder = DynamicDecoder;

    fn encoder(&mut self) -> DynamicEncoder {
        DynamicEncoder
    }

    fn decoder(&mut self) -> DynamicDecoder {
        DynamicDecoder(self.output.clone())
    }
}

struct DynamicEncoder;

impl Encoder for DynamicEncoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.encode(buffer).map_err(|error| Status::internal(error.to_string()))
    }
}

struct DynamicDecoder(MessageDescriptor);

impl Decoder for DynamicDecoder {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        DynamicMessage::decode(self.0.clone(), buffer).map(Some).map_err(|error| Status::internal(error.to_string()))
    }
}
