//! OpenAPI 3.1 of the API, made from the table of calls and the descriptors of the messages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::{own_data, transcode, v1};
use crate::routes::{Audience, Route, get};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

pub(super) fn route() -> Route {
    get(Audience::Public, "/api/openapi.json", show)
}

async fn show() -> Response {
    let mut response = DOCUMENT.clone().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

pub(crate) fn document() -> Value {
    let mut schemas = BTreeMap::new();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for call in v1::calls() {
        let Some(method) = transcode::method(&call) else {
            continue;
        };
        let operation = operation(&call, &method.input(), &method.output(), &mut schemas);
        let name = call.method.as_str().to_ascii_lowercase();
        paths.entry(call.path.to_owned()).or_default().insert(name, operation);
    }
    for (path, method, operation) in v1::files::operations()
        .into_iter()
        .chain(v1::account_files::operations())
        .chain(v1::receipt_files::operations())
        .chain([own_data::operation()])
    {
        paths.entry(path.to_owned()).or_default().insert(method.to_owned(), operation);
    }
    schemas.insert("Problem".to_owned(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Portal API",
            "version": "1",
            "description": "Sums are integers in minor units (tiyn) with a currency. Times are integers: UTC microseconds since 1970. \
                Problems follow RFC 9457 and carry a stable code. Commands that create or pay need an Idempotency-Key; edits need the \
                version they were made from, in If-Match or in the body."
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "session": { "type": "apiKey", "in": "cookie", "name": "portal" }
            }
        }
    })
}

fn operation(
    call: &Call,
    input: &MessageDescriptor,
    output: &MessageDescriptor,
    schemas: &mut BTreeMap<String, Value>,
) -> Value {
    let in_path = call.path_fields();
    let mut parameters: Vec<Value> = in_path
        .iter()
        .map(|name| {
            let schema =
                input.get_field_by_name(name).map_or(json!({ "type": "string" }), |field| schema_of(&field, schemas));
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    let reads = matches!(call.method.as_str(), "GET" | "DELETE");
    if reads {
        for field in input.fields().filter(|field| !in_path.contains(&field.name())) {
            if field.name() == "version" && call.method.as_str() == "DELETE" {
                continue;
            }
            let paged = matches!(field.kind(), Kind::Message(message) if message.name() == "PageRequest");
            let schema = if paged { json!({ "type": "integer" }) } else { schema_of(&field, schemas) };
            let names = if paged { vec!["page", "size"] } else { vec![field.name()] };
            for name in names {
                parameters.push(json!({ "name": name, "in": "query", "required": false, "schema": schema }));
            }
        }
    }
    if call.keyed {
        parameters.push(json!({ "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "maxLength": 64 } }));
    }
    if input.get_field_by_name("version").is_some() && transcode::is_edit(call) {
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "Version the edit was made from, as answered in ETag." }));
    }
    let mut operation = json!({
        "operationId": operation_id(call),
        "summary": call.summary,
        "tags": [call.context()],
        "parameters": parameters,
        "responses": {
            (call.status.to_string()): {
                "description": "Done",
                "content": { "application/json": { "schema": reference(output, schemas) } }
            },
            "default": {
                "description": "Problem",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
            }
        }
    });
    if let Some(fields) = operation.as_object_mut() {
        if !reads {
            let carried: Vec<_> = in_path.iter().copied().chain(["client_address"]).collect();
            let schema = object(input, &carried, schemas);
            fields.insert("requestBody".to_owned(), json!({ "content": { "application/json": { "schema": schema } } }));
        }
        if call.public {
            fields.insert("security".to_owned(), json!([]));
        }
    }
    operation
}

/// RPC names are unique within a context; an RPC may answer at two addresses.
fn operation_id(call: &Call) -> String {
    let (_, method) = call.service_and_method();
    let tail: String = call.path.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}_{method}_{tail}", call.context())
}

fn reference(message: &MessageDescriptor, schemas: &mut BTreeMap<String, Value>) -> Value {
    let name = message.full_name().trim_start_matches("portal.").replace(".v1.", ".");
    if !schemas.contains_key(&name) {
        // Its place is taken first: messages may hold each other.
        schemas.insert(name.clone(), Value::Null);
        let schema = object(message, &[], schemas);
        schemas.insert(name.clone(), schema);
    }
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn object(message: &MessageDescriptor, without: &[&str], schemas: &mut BTreeMap<String, Value>) -> Value {
    let properties: Map<String, Value> = message
        .fields()
        .filter(|field| !without.contains(&field.name()))
        .map(|field| (field.name().to_owned(), schema_of(&field, schemas)))
        .collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn schema_of(field: &FieldDescriptor, schemas: &mut BTreeMap<String, Value>) -> Value {
    if field.is_map() {
        return json!({ "type": "object", "additionalProperties": { "type": "string" } });
    }
    let single = match field.kind() {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::String => json!({ "type": "string" }),
        Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Kind::Double | Kind::Float => json!({ "type": "number" }),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            json!({ "type": "integer", "format": "int32" })
        }
        Kind::Uint32 | Kind::Fixed32 => json!({ "type": "integer", "minimum": 0 }),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            json!({ "type": "integer", "format": "int64" })
        }
        Kind::Uint64 | Kind::Fixed64 => {
            json!({ "type": "integer", "format": "int64", "minimum": 0 })
        }
        Kind::Enum(kind) => {
            let names: Vec<_> = kind.values().map(|value| value.name().to_owned()).collect();
            json!({ "type": "string", "enum": names })
        }
        Kind::Message(message) => reference(&message, schemas),
    };
    if field.is_list() { json!({ "type": "array", "items": single }) } else { single }
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "Stable code of the refusal." },
            "detail": { "type": "string" },
            "params": { "type": "object", "additionalProperties": { "type": "string" } },
            "violations": { "type": "array", "items": { "type": "object", "properties": {
                "field": { "type": "string" }, "code": { "type": "string" }, "detail": { "type": "string" },
                "params": { "type": "object", "additionalProperties": { "type": "string" } }
            } } },
            "request_id": { "type": "string" }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_has_its_rpc_and_its_path_fields() -> Result<(), String> {
        for call in v1::calls() {
            let method = transcode::method(&call).ok_or(call.rpc)?;
            assert!(!method.is_client_streaming() && !method.is_server_streaming(), "{} streams", call.rpc);
            for field in call.path_fields() {
                assert!(method.input().get_field_by_name(field).is_some(), "{} has no field {field}", call.rpc);
            }
        }
        Ok(())
    }

    #[test]
    fn the_document_is_openapi() -> Result<(), serde_json::Error> {
        let document: utoipa::openapi::OpenApi = serde_json::from_value(document())?;
        assert!(document.paths.paths.len() > 40);
        Ok(())
    }
}
