//! One applicant never reaches another's things: every route and every RPC, with another's ids. A route or RPC that is
//! missing from the matrix fails.

mod rpcs;

use chassis::server::GATEWAY;
use gateway::Audience;
use http::Method;
use reqwest::{Client, StatusCode, redirect::Policy};
use rpcs::RPCS;
use serde_json::{Value, json};
use testkit::{
    World,
    bank::PAYS,
    journey as j, poll,
    world::{PASSWORD, is_separate},
};
use tonic::Code;

/// What another applicant gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// It does not exist for him.
    NotFound,
    /// No applicant may ever do this.
    Forbidden,
    /// It speaks of the caller, or of nobody.
    Own,
    /// It takes no actor: proof of another kind is asked for.
    Proof,
}
use Expect::{Forbidden, NotFound, Own, Proof};

/// Calls that are forbidden to applicants and not for services alone: the staff's.
pub(super) fn staff_calls() -> Vec<&'static str> {
    let forbidden = RPCS.iter().filter(|(_, expect)| matches!(expect, Forbidden)).map(|(rpc, _)| *rpc);
    forbidden.filter(|rpc| !is_for_services(rpc)).collect()
}

/// Whether only other services may call it.
fn is_for_services(rpc: &str) -> bool {
    portal::services::callers().iter().any(|(service, methods)| {
        methods.iter().any(|(method, callers)| {
            rpc.starts_with(&format!("portal.{service}."))
                && rpc.ends_with(&format!("/{method}"))
                && !callers.contains(&GATEWAY)
        })
    })
}

/// Ids of everything that one applicant owns.
struct Things {
    number: i64,
    line: String,
    person: String,
    document: String,
    invoice: String,
    attempt: String,
    appointment: String,
    message: String,
    account: String,
    session: String,
    saved_person: String,
    saved_payer: String,
}

async fn things(world: &World) -> Things {
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 1)]).await;
    let number = j::number(&j::submit(&who, &draft).await);
    j::approve(world, number).await;
    let invoice = j::invoice(&who, number).await;
    let attempt = j::pay(&who, &invoice, PAYS).await;
    j::confirm(&world.demo("manager").await, number).await;
    let awaiting = j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    let booked = j::book(&who, &awaiting).await;
    let messages = poll::until(
        "a message",
        || async { who.get("/messages").await.ok() },
        |seen| seen["messages"].as_array().is_some_and(|list| !list.is_empty()),
    )
    .await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let kept = json!({ "values": { "surname": "HARPER" } });
    let saved_person = text(&who.post("/account/persons", kept.clone()).await.ok()["id"]);
    let saved_payer = text(&who.post("/account/payers", kept).await.ok()["id"]);
    let person = &awaiting["lines"][0]["persons"][0];
    Things {
        number,
        line: text(&awaiting["lines"][0]["id"]),
        person: text(&person["id"]),
        document: text(&person["documents"][0]["files"][0]["id"]),
        invoice: text(&invoice["id"]),
        attempt,
        appointment: text(&booked["appointments"][0]["id"]),
        message: text(&messages["messages"][0]["id"]),
        account: text(&who.get("/account").await.ok()["id"]),
        session: text(&who.get("/account/sessions").await.ok()["sessions"][0]["id"]),
        saved_person,
        saved_payer,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_rpc_gives_another_applicants_things() {
    let world = World::start().await;
    let things = things(&world).await;
    let stranger = j::sign_up(&world.api).await;
    let token = stranger.token.clone().unwrap();
    let grpc = world.grpc().await;
    let mut wrong = Vec::new();
    for method in grpc.methods() {
        let rpc = format!("{}/{}", method.parent_service().full_name(), method.name());
        let Some((_, expect)) = RPCS.iter().find(|(name, _)| *name == rpc) else {
            wrong.push(format!("{rpc} is missing from the matrix"));
            continue;
        };
        if matches!(expect, Own | Proof) || method.is_client_streaming() || method.is_server_streaming() {
            continue;
        }
        let mut message = serde_json::Map::new();
        for field in method.input().fields() {
            let value = match field.name() {
                "number" | "application_number" => json!(things.number),
                "version" => json!(1),
                "invoice_id" => json!(things.invoice),
                "attempt_id" => json!(things.attempt),
                "document_id" => json!(things.document),
                "person_id" | "person_item_id" => json!(things.person),
                "line_id" => json!(things.line),
                "appointment_id" => json!(things.appointment),
                "message_id" => json!(things.message),
                "account_id" => json!(things.account),
                "session_id" => json!(things.session),
                "saved_person_id" => json!(things.saved_person),
                "saved_payer_id" => json!(things.saved_payer),
                "terms_accepted" | "accept_offer" => json!(true),
                "role" => json!("manager"),
                _ => continue,
            };
            message.insert(field.name().to_owned(), value);
        }
        let code = grpc.call(&rpc, Value::Object(message), Some(&token)).await.err().map(|status| status.code());
        // Between processes the certificate of this test's calls is no service's.
        let internal = is_separate() && is_for_services(&rpc);
        let expected = if *expect == NotFound && !internal { Code::NotFound } else { Code::PermissionDenied };
        if code != Some(expected) {
            wrong.push(format!("{rpc}: {code:?} instead of {expected:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    world.end().await;
}

/// Routes that carry no other's id, or none at all, and why they may answer a stranger.
const OPEN: &[&str] = &["/static/", "/bank/callback/", "/api/v1/participants/{bin}", "/expat-centre/services/{code}"];

#[tokio::test(flavor = "multi_thread")]
async fn no_route_gives_another_applicants_things() {
    let world = World::start().await;
    let things = things(&world).await;
    let stranger = j::sign_up(&world.api).await;
    let email = stranger.get("/account").await.ok()["email"].as_str().unwrap().to_owned();
    let browser = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
    let base = world.api.base.clone();
    sign_in(&browser, &base, &email).await;
    let csrf = token_of(&browser.get(format!("{base}/account")).send().await.unwrap().text().await.unwrap());
    let mut wrong = Vec::new();
    for route in gateway::routes().iter().filter(|route| route.path.contains('{')) {
        if OPEN.iter().any(|open| route.path.starts_with(open)) {
            continue;
        }
        let Some(path) = fill(&route.path, &things) else {
            wrong.push(format!("{} {}: a parameter that the matrix does not know", route.method, route.path));
            continue;
        };
        let status = if route.path.starts_with("/api/") {
            let pays = route.path.ends_with("/attempts");
            let body =
                (route.method != Method::GET).then(|| if pays { json!({ "terms_accepted": true }) } else { json!({}) });
            let method = reqwest::Method::from_bytes(route.method.as_str().as_bytes()).unwrap();
            if route.path.ends_with("/receipts") {
                reqwest::Client::new()
                    .post(format!("{base}{path}?amount_minor=1&paid_on=2026-01-01&file_name=a.pdf"))
                    .bearer_auth(stranger.token.as_deref().unwrap())
                    .header("content-type", "application/octet-stream")
                    .body(j::PAPER.to_vec())
                    .send()
                    .await
                    .unwrap()
                    .status()
            } else if route.path.ends_with("/documents") {
                stranger.upload(things.number, &things.person, "passport_copy", "a.pdf", j::PAPER.to_vec()).await.status
            } else {
                stranger.send(method, path.trim_start_matches("/api/v1"), body, Some("matrix"), Some(1)).await.status
            }
        } else if route.method == Method::GET {
            browser.get(format!("{base}{path}")).send().await.unwrap().status()
        } else {
            let mut request = browser.post(format!("{base}{path}")).header("origin", &base);
            request = if route.path.ends_with("/documents") || route.path.ends_with("/receipts") {
                let part = reqwest::multipart::Part::bytes(j::PAPER.to_vec()).file_name("a.pdf");
                let form = reqwest::multipart::Form::new()
                    .text("form_token", csrf.clone())
                    .text("form_key", uuid::Uuid::new_v4().to_string())
                    .text("person_id", things.person.clone())
                    .text("code", "passport_copy")
                    .part("file", part);
                request.multipart(form)
            } else {
                let key = uuid::Uuid::new_v4().to_string();
                request.form(&[
                    ("form_token", csrf.as_str()),
                    ("form_key", key.as_str()),
                    ("version", "1"),
                    ("terms_accepted", "yes"),
                    ("action", "check-in"),
                    ("appointment", &things.appointment),
                    ("invoice", &things.invoice),
                ])
            };
            request.send().await.unwrap().status()
        };
        let fits = match route.audience {
            Audience::Staff => status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN,
            Audience::Program if forbidden_to_applicants(&route.path) => status == StatusCode::FORBIDDEN,
            Audience::Program | Audience::Account | Audience::Public | Audience::Bank => {
                status == StatusCode::NOT_FOUND
            }
        };
        if !fits {
            wrong.push(format!("{} {}: {status}", route.method, route.path));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    world.end().await;
}

/// API calls that are staff's alone, whatever id they carry.
fn forbidden_to_applicants(path: &str) -> bool {
    [
        "/api/v1/registry/",
        "/api/v1/staff/",
        "/api/v1/service-accounts/",
        "/api/v1/invoice-settings/",
        "/api/v1/payments/",
        "/api/v1/catalogue/editions/",
        "/api/v1/catalogue/files",
    ]
    .iter()
    .any(|start| path.starts_with(start))
        || ["/check-in", "/served", "/missed", "/deliveries"].iter().any(|end| path.ends_with(end))
}

fn fill(path: &str, things: &Things) -> Option<String> {
    let filled = [
        ("{number}", things.number.to_string()),
        ("{application_number}", things.number.to_string()),
        ("{line}", things.line.clone()),
        ("{line_id}", things.line.clone()),
        ("{kind}", "service".to_owned()),
        ("{file}", "forms.toml".to_owned()),
        ("{code}", "INVB1S".to_owned()),
        ("{person}", things.person.clone()),
        ("{person_id}", things.person.clone()),
        ("{document}", things.document.clone()),
        ("{document_id}", things.document.clone()),
        ("{receipt_id}", things.document.clone()),
        ("{refund_id}", things.document.clone()),
        ("{invoice_id}", things.invoice.clone()),
        ("{attempt}", things.attempt.clone()),
        ("{attempt_id}", things.attempt.clone()),
        ("{appointment}", things.appointment.clone()),
        ("{appointment_id}", things.appointment.clone()),
        ("{message_id}", things.message.clone()),
        ("{message}", things.message.clone()),
        ("{text}", "application_approved".to_owned()),
        ("{bin}", "180340990008".to_owned()),
        ("{account}", things.account.clone()),
        ("{session}", things.session.clone()),
        ("{session_id}", things.session.clone()),
        ("{account_id}", things.account.clone()),
        ("{saved_person_id}", things.saved_person.clone()),
        ("{saved_payer_id}", things.saved_payer.clone()),
    ]
    .into_iter()
    .fold(path.to_owned(), |path, (name, value)| path.replace(name, &value));
    let saved = if path.contains("/payers") { &things.saved_payer } else { &things.saved_person };
    let filled = filled.replace("{saved}", saved);
    let last = if path.contains("/editions/") {
        "1".to_owned()
    } else if path.starts_with("/messages") {
        things.message.clone()
    } else if path.starts_with("/invoices") {
        things.invoice.clone()
    } else {
        things.account.clone()
    };
    let filled = filled.replace("{id}", &last);
    (!filled.contains('{')).then_some(filled)
}

async fn sign_in(browser: &Client, base: &str, email: &str) {
    let page = browser.get(format!("{base}/login")).send().await.unwrap().text().await.unwrap();
    let key = uuid::Uuid::new_v4().to_string();
    let form = [
        ("form_token", token_of(&page)),
        ("form_key", key),
        ("email", email.to_owned()),
        ("password", PASSWORD.to_owned()),
    ];
    let answer = browser.post(format!("{base}/login")).header("origin", base).form(&form).send().await.unwrap();
    assert!(answer.status().is_redirection(), "sign-in answers {}", answer.status());
}

fn token_of(page: &str) -> String {
    let rest = page.split("name=\"form_token\" value=\"").nth(1).expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
}
