//! A terminal that holds a sum first: it is taken where all agrees, else let go.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::{
    billing::v1::InvoiceVoided,
    payments::v1::{AttemptClosed, AttemptState, ChargeMismatched, ChargeVerified},
};
use serde_json::json;

use super::{
    NUMBER, TOTAL,
    bank::{Bank, Manner},
    client, invoice, seen, start_as, started, starting,
};

async fn held(coverage: &Coverage, changed: &serde_json::Value) -> (Alone, Bank, String) {
    let (world, bank) = start_as(coverage, TOTAL, true).await;
    let id = started(&mut client(&world, people::applicant()), invoice(1)).await.attempt.unwrap().id;
    bank.says(changed);
    (world, bank, id)
}

async fn look(world: &Alone) {
    world.pass_hours(1);
    while world.step("inquire").await > 0 {}
}

pub async fn a_held_sum_is_taken_once(coverage: &Coverage) {
    let (world, bank, id) = held(coverage, &json!({ "statusName": "AUTH" })).await;
    let mut applicant = client(&world, people::applicant());
    // The bank does not answer, and did nothing: nothing is paid, and nothing can be paid twice.
    bank.takes_operations(Manner::LosesCall);
    look(&world).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Authorised);
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["ATTEMPT_LIVE"]);
    assert!(world.published::<ChargeVerified>().await.is_empty());
    // It does it, and the answer is lost: asked, not taken for a failure.
    bank.takes_operations(Manner::LosesAnswer);
    look(&world).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Charged);
    assert_eq!(bank.operations(), ["charge op-1", "charge op-1"]);
    assert_eq!(world.published::<ChargeVerified>().await.len(), 1);
    world.end().await;
}

pub async fn what_does_not_fit_is_let_go(coverage: &Coverage) {
    let (world, bank, id) = held(coverage, &json!({ "statusName": "AUTH", "amount": 5000 })).await;
    let mut applicant = client(&world, people::applicant());
    look(&world).await;
    assert_eq!(
        (seen(&mut applicant, &id).await.state(), bank.operations()),
        (AttemptState::Reversed, vec!["cancel op-1".to_owned()])
    );
    let closed = world.published::<AttemptClosed>().await;
    assert_eq!((closed.len(), closed[0].outcome.as_str()), (1, "reversed"));
    assert!(world.published::<ChargeMismatched>().await.is_empty());
    // Another try is a new order.
    let next = started(&mut applicant, invoice(1)).await.attempt.unwrap();
    assert_ne!(next.id, id);
    world.end().await;
}

pub async fn a_hold_for_a_void_invoice_is_let_go(coverage: &Coverage) {
    let (world, bank, id) = held(coverage, &json!({ "statusName": "AUTH" })).await;
    bank.takes_operations(Manner::LosesCall);
    look(&world).await;
    let voided = InvoiceVoided {
        application_number: NUMBER,
        account_id: people::applicant().account().unwrap().to_string(),
        invoice_id: invoice(1),
        document_number: "P-O/2026/1".to_owned(),
    };
    world.tell(NUMBER, 3, &voided).await;
    bank.takes_operations(Manner::Does);
    world.step("inquire").await;
    assert_eq!(seen(&mut client(&world, people::applicant()), &id).await.state(), AttemptState::Reversed);
    assert_eq!(bank.operations(), ["charge op-1", "cancel op-1"]);
    world.end().await;
}
