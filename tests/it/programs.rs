//! Programs: the staff's part over gRPC with nothing but reflection, and service accounts within their scopes.

use serde_json::{Value, json};
use testkit::{
    World,
    bank::PAYS,
    journey::{self as j, number},
    poll,
    reflection::Reflected,
    world::PASSWORD,
};
use tonic::Code;

const APPLICATIONS: &str = "portal.applications.v1.Applications";

async fn token(grpc: &Reflected, name: &str) -> String {
    let form = json!({ "email": format!("{name}@demo.example"), "password": PASSWORD });
    let pair = grpc.call("portal.identity.v1.Identity/CreateToken", form, None).await.unwrap();
    pair["access_token"].as_str().unwrap().to_owned()
}

/// A move of the case at its present version.
async fn step(grpc: &Reflected, token: &str, number: i64, rpc: &str, mut message: Value) -> Value {
    let rpc = format!("{APPLICATIONS}/{rpc}");
    let seen =
        grpc.call(&format!("{APPLICATIONS}/GetApplication"), json!({ "number": number }), Some(token)).await.unwrap();
    message["number"] = json!(number);
    message["version"] = seen["version"].clone();
    grpc.call(&rpc, message, Some(token)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_walk_their_part_over_grpc_found_by_reflection() {
    let world = World::start().await;
    let grpc = world.grpc().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("INVB1S", 2), ("INVC3S", 2)]).await;
    let number = number(&j::submit(&who, &draft).await);

    let manager = token(&grpc, "manager").await;
    let supervisor = token(&grpc, "supervisor").await;
    let seen = step(&grpc, &manager, number, "ClaimApplication", json!({})).await;
    for line in seen["lines"].as_array().unwrap() {
        for person in line["persons"].as_array().unwrap() {
            let items = person["documents"].as_array().unwrap();
            for file in items.iter().flat_map(|item| item["files"].as_array().unwrap()) {
                let accepted = json!({ "document_id": file["id"], "accept": true });
                step(&grpc, &manager, number, "ReviewDocument", accepted).await;
            }
        }
    }
    step(&grpc, &manager, number, "RecommendApproval", json!({})).await;
    step(&grpc, &supervisor, number, "ApproveApplication", json!({})).await;

    let invoice = j::invoice(&who, number).await;
    j::pay(&who, &invoice, PAYS).await;
    let billable = poll::until(
        "payment \"Pending\"",
        || async {
            let asked = json!({ "application_number": number });
            grpc.call("portal.billing.v1.Billing/GetBillable", asked, Some(&manager)).await.unwrap()
        },
        |seen| seen["payment_status"] == "PAYMENT_STATUS_PENDING",
    )
    .await;
    let confirm = json!({ "application_number": number, "version": billable["version"] });
    grpc.call("portal.billing.v1.Billing/ConfirmPayment", confirm, Some(&manager)).await.unwrap();
    let awaiting = j::in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    j::book(&who, &awaiting).await;
    let items = j::items(&awaiting);
    step(&grpc, &manager, number, "ReceiveOriginals", json!({ "person_item_ids": items })).await;
    for item in &items {
        step(&grpc, &manager, number, "RecordDecision", json!({ "person_item_id": item, "granted": true })).await;
    }
    step(&grpc, &manager, number, "MarkReady", json!({})).await;
    let given = json!({ "person_item_ids": items, "way": "in_person" });
    step(&grpc, &manager, number, "RecordHandOut", given).await;
    let done = step(&grpc, &manager, number, "CompleteApplication", json!({})).await;
    assert_eq!(done["state"], "STATE_COMPLETED");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_reads_and_imports_within_its_scopes_and_decides_nothing() {
    let world = World::start().await;
    let admin = world.demo("admin").await;
    let made = admin
        .post(
            "/service-accounts",
            json!({ "name": "Registry sync", "scopes": ["applications:read", "participants:read", "participants:import"] }),
        )
        .await
        .ok();
    let id = made["service_account"]["id"].as_str().unwrap().to_owned();
    let secret = made["secret"].as_str().unwrap().to_owned();
    let answer = world.api.post("/tokens/service", json!({ "service_account_id": id, "secret": secret })).await.ok();
    let program = world.api.with_token(answer["token"].as_str().unwrap());
    let grpc = world.grpc().await;
    let token = program.token.clone().unwrap();

    program.get("/work?list=all").await.ok();
    program.get("/applications/103").await.ok();
    let row = json!({ "bin": "940140000385", "name": "New Participant Ltd.", "status": "active" });
    let imported = program.post("/participants/imports", json!({ "rows": [row] })).await.ok();
    assert_eq!(imported["added"], 1);
    let found = program.get("/participants/940140000385").await.ok();
    assert_eq!(found["name"], "New Participant Ltd.");

    for rpc in ["ClaimApplication", "RecommendApproval", "ApproveApplication"] {
        let seen = j::get(&program, 103).await;
        let message = json!({ "number": 103, "version": seen["version"] });
        let refused = grpc.call(&format!("{APPLICATIONS}/{rpc}"), message, Some(&token)).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{rpc}");
    }
    let beyond = grpc.call("portal.billing.v1.Billing/ListPayments", json!({}), Some(&token)).await.unwrap_err();
    assert_eq!(beyond.code(), Code::PermissionDenied);

    admin.send(reqwest::Method::DELETE, &format!("/service-accounts/{id}"), None, Some("end"), None).await.ok();
    let ended = world.api.post("/tokens/service", json!({ "service_account_id": id, "secret": secret })).await;
    assert_eq!(ended.status, reqwest::StatusCode::UNAUTHORIZED);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_has_one_effect_and_the_same_answer_and_another_body_is_refused() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let body = json!({ "type": "expat_centre", "services": ["INVB1S"] });
    let key = uuid::Uuid::new_v4().to_string();
    let sent = (0..20).map(|_| who.send(reqwest::Method::POST, "/applications", Some(body.clone()), Some(&key), None));
    let numbers: Vec<i64> =
        futures::future::join_all(sent).await.into_iter().map(|answer| number(&answer.ok())).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] == pair[1]), "{numbers:?}");
    let other = json!({ "type": "expat_centre", "services": ["IINREG"] });
    let refused = who.send(reqwest::Method::POST, "/applications", Some(other), Some(&key), None).await;
    assert_eq!(refused.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(who.get("/applications").await.ok()["page"]["total"], 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_requests_at_once_book_one_visit_for_one_person() {
    let world = World::start().await;
    let who = world.demo("applicant").await;
    let slots = who.get("/applications/106/slots").await.ok();
    let start = slots["slots"][0]["start_at_micros"].clone();
    let right = who.get("/applications/106/booking").await.ok();
    let item = right["person_item_ids"][0].clone();
    let choice = json!({ "appointments": [{ "person_item_id": item, "start_at_micros": start }] });
    let sent = (0..60).map(|_| who.post("/applications/106/appointments", choice.clone()));
    let answers = futures::future::join_all(sent).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.is_success()).count(), 1, "one person, one visit");
    let refused = answers.iter().find(|answer| !answer.status.is_success()).unwrap();
    assert_eq!(refused.at("appointments[0].person_item_id"), Some("ALREADY_BOOKED"));
    world.end().await;
}
