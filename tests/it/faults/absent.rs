//! Each service away in turn: what of the portal still answers is a checked-in list, and whatever does not says so
//! plainly and in time.

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Answer, Api, World, journey as j, steadfast::is_unknown};

use super::{hasty, prove};
use crate::rules::compare;

const SERVICES: [&str; 7] =
    ["identity", "participants", "applications", "billing", "payments", "booking", "notifications"];

/// What is tried, with tokens that were given before.
struct Cast {
    anyone: Api,
    applicant: Api,
    manager: Api,
    draft: Value,
    invoice: String,
}

async fn attempts(cast: &Cast) -> Vec<(&'static str, Answer)> {
    let Cast { anyone, applicant, manager, draft, invoice } = cast;
    let number = j::number(draft);
    let contact = json!({ "contact": { "given_name": "Nora", "surname": "Lind", "email": "nora@mail.example",
        "phone": "+77012345678", "address": "Mangilik el 55" } });
    let key = uuid::Uuid::new_v4().to_string();
    let seen = applicant.get(&format!("/applications/{number}")).await;
    let version = seen.body["version"].as_i64().unwrap_or(1);
    let sign_in = json!({ "email": "finance@demo.example", "password": testkit::world::PASSWORD });
    vec![
        ("the catalogue", anyone.get("/catalogue").await),
        ("sign in", anyone.post("/tokens", sign_in).await),
        ("my applications", applicant.get("/applications").await),
        (
            "a new draft",
            applicant.post("/applications", json!({ "type": "expat_centre", "services": ["INVB1S"] })).await,
        ),
        ("a draft saved", applicant.put_at(&format!("/applications/{number}/contact"), version, contact).await),
        ("an organisation looked up", applicant.get("/participants/151240022476").await),
        ("what there is to pay", applicant.get("/applications/102/billing").await),
        ("an invoice", applicant.get(&format!("/invoices/{invoice}")).await),
        (
            "a payment begun",
            applicant
                .send(
                    reqwest::Method::POST,
                    &format!("/invoices/{invoice}/attempts"),
                    Some(json!({ "terms_accepted": true, "locale": "en" })),
                    Some(&key),
                    None,
                )
                .await,
        ),
        ("the right to book", applicant.get("/applications/106/booking").await),
        ("free slots", applicant.get("/applications/106/slots").await),
        ("messages", applicant.get("/messages").await),
        ("staff's work list", manager.get("/work?list=new").await),
        ("payments to confirm", manager.get("/payments").await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn one_service_away_takes_no_other_with_it() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    let applicant = world.demo("applicant").await;
    let draft = j::complete_draft(&applicant, &[("INVB1S", 1)]).await;
    let invoice = j::invoice(&applicant, 102).await;
    let cast = Cast {
        anyone: world.api.clone(),
        manager: world.demo("manager").await,
        invoice: invoice["id"].as_str().unwrap().to_owned(),
        applicant,
        draft,
    };
    for (what, answer) in attempts(&cast).await {
        // The registry's refusal of the beneficiary's own number is an answer too.
        assert!(!is_unknown(&answer) && answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{what}: {answer:?}");
    }
    let mut lines = Vec::new();
    for service in SERVICES {
        world.dev().take_down(service).await.unwrap();
        for (what, answer) in attempts(&cast).await {
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{service} away, {what}: {answer:?}");
            if is_unknown(&answer) {
                lines.push(format!("{service} away: {what} fails"));
            }
        }
        world.dev().bring_up(service).unwrap();
        world.dev().ready().await.unwrap();
    }
    compare("../faults/absent.txt", lines);
    prove(world).await;
}
