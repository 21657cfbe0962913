//! The JSON API: messages as the contracts say them, problems as RFC 9457.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Page, World};
use chassis::testing::refuse;

fn parsed(page: &Page) -> Value {
    serde_json::from_str(&page.text).unwrap_or_else(|error| panic!("{error}: {}", page.text))
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    request.body(body).expect("request")
}

const BEARER: (&str, &str) = ("authorization", "Bearer t");
const JSON: (&str, &str) = ("content-type", "application/json");
const KEY: (&str, &str) = ("idempotency-key", "0190-1");

#[tokio::test]
async fn a_read_answers_the_contracts_message_with_its_version() {
    let world = World::start();
    let page = world.send(request("GET", "/api/v1/applications/3", &[BEARER], &Value::Null)).await;
    assert_eq!((page.status, page.header("etag")), (StatusCode::OK, "\"7\""));
    let application = parsed(&page);
    assert_eq!(application["state"], "STATE_AWAITING_PAYMENT");
    assert_eq!(application["total"], json!({ "amount_minor": 2_000_000, "currency": "KZT" }));
    let list =
        world.send(request("GET", "/api/v1/applications?page=1&size=10&search=visa", &[BEARER], &Value::Null)).await;
    assert_eq!(parsed(&list)["page"]["total"], 4);
    assert_eq!(world.fakes.seen("ListApplications").1, "Bearer t");
}

#[tokio::test]
async fn callers_without_token_key_version_or_json_are_told_so() {
    let world = World::start();
    let body = json!({ "type": "expat_centre", "services": ["INVB1S"] });
    let cases = [
        (request("GET", "/api/v1/applications", &[], &Value::Null), 401, "NOT_SIGNED_IN"),
        (request("POST", "/api/v1/applications", &[BEARER, JSON], &body), 400, "IDEMPOTENCY_KEY_MISSING"),
        (
            request("POST", "/api/v1/applications", &[BEARER, KEY, ("content-type", "text/plain")], &body),
            415,
            "MEDIA_TYPE",
        ),
        (request("POST", "/api/v1/applications", &[BEARER, KEY, JSON], &json!({ "owner": "acc_9" })), 400, "MALFORMED"),
        (request("PUT", "/api/v1/applications/1/contact", &[BEARER, JSON], &json!({})), 428, "IF_MATCH_MISSING"),
        (
            request("POST", "/api/v1/applications", &[("cookie", "portal=applicant-1"), KEY, JSON], &body),
            403,
            "FORM_EXPIRED",
        ),
        (request("GET", "/api/v1/nowhere", &[BEARER], &Value::Null), 404, "NOT_FOUND"),
        (request("GET", "/api/v1/applications/999", &[BEARER], &Value::Null), 404, "NOT_FOUND"),
    ];
    for (request, status, code) in cases {
        let what = format!("{} {}", request.method(), request.uri());
        let page = world.send(request).await;
        assert_eq!(page.status.as_u16(), status, "{what}: {}", page.text);
        assert_eq!(page.header("content-type"), "application/problem+json", "{what}");
        assert_eq!(parsed(&page)["code"], code, "{what}");
    }
    assert_eq!(world.fakes.seen("CreateApplication").0, 0);
}

#[tokio::test]
async fn a_command_passes_with_its_key_by_token_or_by_session() {
    let world = World::start();
    let body = json!({ "type": "expat_centre", "services": ["INVB1S"] });
    let page = world.send(request("POST", "/api/v1/applications", &[BEARER, KEY, JSON], &body)).await;
    assert_eq!(page.status, StatusCode::CREATED);
    assert_eq!(world.fakes.seen("CreateApplication"), (1, "Bearer t".to_owned(), "0190-1".to_owned()));
    let headers = [("cookie", "portal=applicant-1"), ("origin", "http://127.0.0.1:8080"), KEY, JSON];
    let page = world.send(request("POST", "/api/v1/applications", &headers, &body)).await;
    assert_eq!(page.status, StatusCode::CREATED);
    assert_eq!(world.fakes.seen("CreateApplication").1, "Bearer token-of-applicant-1");
}

#[tokio::test]
async fn a_refusal_is_a_problem_in_the_readers_language() {
    let world = World::start();
    world.fakes.on(
        "applications.Applications/SubmitApplication",
        |_: proto::applications::v1::SubmitApplicationRequest| {
            Err::<proto::applications::v1::Application, _>(refuse(
                "INPUT_INVALID",
                &[("accept_offer", "OFFER_NOT_ACCEPTED")],
            ))
        },
    );
    let headers = [BEARER, KEY, JSON, ("if-match", "\"7\""), ("accept-language", "ru")];
    let page = world.send(request("POST", "/api/v1/applications/1/submit", &headers, &json!({}))).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = parsed(&page);
    assert_eq!(problem["violations"][0]["code"], "OFFER_NOT_ACCEPTED");
    assert!(problem["violations"][0]["detail"].as_str().is_some_and(|text| text.contains("оферту")));
}

#[tokio::test]
async fn the_api_describes_itself() {
    let world = World::start();
    let page = world.send(request("GET", "/api/openapi.json", &[], &Value::Null)).await;
    let document = parsed(&page);
    assert_eq!(document["openapi"], "3.1.0");
    for route in gateway::routes().iter().filter(|route| route.path.starts_with("/api/v1/")) {
        let method = route.method.as_str().to_ascii_lowercase();
        assert!(document["paths"][&route.path][&method].is_object(), "{method} {} is not described", route.path);
    }
    let page = world.get("/api/docs/", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
}
