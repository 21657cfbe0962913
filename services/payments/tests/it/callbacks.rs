//! What the bank, or somebody in its name, posts.

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::payments::v1::{AttemptState, ChargeVerified, RecordCallbackRequest};
use serde_json::json;

use super::{TOTAL, client, invoice, seen, start, started};

fn posting(attempt_id: &str, body: &str) -> RecordCallbackRequest {
    RecordCallbackRequest {
        attempt_id: attempt_id.to_owned(),
        body: body.as_bytes().to_vec(),
        client_address: "192.0.2.1".to_owned(),
    }
}

pub async fn a_callback_only_makes_the_bank_be_asked(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let mut gateway = client(&world, Actor::Anonymous);
    let id = started(&mut applicant, invoice(1)).await.attempt.unwrap().id;
    assert_eq!(world.step("inquire").await, 0, "nothing is due yet");
    // "Paid", says the callback; the bank's own status knows nothing of it.
    let body = json!({ "code": "ok", "amount": 10000, "secret_hash": bank.secret() }).to_string();
    gateway.record_callback(posting(&id, &body)).await.unwrap();
    assert_eq!(world.step("inquire").await, 1);
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Redirected);
    // Now the bank knows; the same callback again lets it be asked once more, after a pause.
    bank.says(&json!({}));
    gateway.record_callback(posting(&id, &body)).await.unwrap();
    world.pass_hours(1);
    assert_eq!(world.step("inquire").await, 1);
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Charged);
    gateway.record_callback(posting(&id, &body)).await.unwrap();
    world.pass_hours(1);
    assert_eq!(world.step("inquire").await, 0, "what is decided is asked about no more");
    assert_eq!(world.published::<ChargeVerified>().await.len(), 1);
    world.end().await;
}

pub async fn a_forged_callback_is_kept_and_refused(coverage: &Coverage) {
    let (world, _bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let mut gateway = client(&world, Actor::Anonymous);
    let id = started(&mut applicant, invoice(1)).await.attempt.unwrap().id;
    let forged = posting(&id, "{\"code\":\"ok\",\"secret_hash\":\"guessed\"}");
    for _ in 0..2 {
        assert_eq!(refusal(gateway.record_callback(forged.clone()).await), ["NOT_PERMITTED"]);
    }
    assert_eq!(world.audited("CALLBACK_FORGED").await, 1, "the same forgery is noted once");
    assert_eq!(world.step("inquire").await, 0);
    // An address of nobody's tells nobody whether it exists.
    for unknown in ["att_1", "att_00000000000000000000000000000009"] {
        gateway.record_callback(posting(unknown, "{}")).await.unwrap();
    }
    let large = posting(&id, &" ".repeat(64 * 1024 + 1));
    assert_eq!(refusal(gateway.record_callback(large).await), ["MALFORMED"]);
    world.end().await;
}
