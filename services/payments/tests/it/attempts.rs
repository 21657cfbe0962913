//! Starting and taking up attempts, and who sees them.

use chassis::testing::{Alone, Coverage, people, refusal, refuse};
use kernel::Scope;
use payments::Payments;
use proto::{
    billing::v1::{ReserveInvoiceRequest, ReservedInvoice},
    payments::v1::{
        AttemptClosed, AttemptStarted, AttemptState, GetAttemptRequest, ListAttemptsRequest, StartAttemptRequest,
    },
};
use serde_json::{Value, json};
use tonic::Status;

use super::{NUMBER, TOTAL, client, invoice, seen, start, started, starting, tenge};

const RESERVE: &str = "billing.Billing/ReserveInvoice";

pub async fn nothing_starts_without_terms_bank_and_invoice(coverage: &Coverage) {
    let bankless = Alone::start::<Payments>(coverage).await;
    let mut applicant = client(&bankless, people::applicant());
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["UNAVAILABLE"]);
    bankless.end().await;

    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let unread = StartAttemptRequest { terms_accepted: false, ..starting(invoice(1)) };
    assert_eq!(refusal(applicant.start_attempt(unread).await), ["TERMS_NOT_ACCEPTED at terms_accepted"]);
    assert_eq!(refusal(applicant.start_attempt(starting("inv_1".to_owned())).await), ["NOT_FOUND"]);
    let nobody = client(&world, kernel::Actor::Anonymous).start_attempt(starting(invoice(1))).await;
    assert_eq!(refusal(nobody), ["NOT_SIGNED_IN"]);
    // Somebody else's invoice: billing would refuse it, and an answer for another payer counts for nothing.
    let stranger = client(&world, people::stranger()).start_attempt(starting(invoice(1))).await;
    assert_eq!(refusal(stranger), ["NOT_FOUND"]);
    for (code, field, told) in [
        ("INVOICE_NOT_PAYABLE", None, "INVOICE_NOT_PAYABLE"),
        ("ATTEMPT_LIVE", None, "ATTEMPT_LIVE"),
        ("INPUT_INVALID", Some(("terms_accepted", "TERMS_NOT_ACCEPTED")), "TERMS_NOT_ACCEPTED at terms_accepted"),
    ] {
        world
            .fakes
            .on(RESERVE, move |_: ReserveInvoiceRequest| Err::<ReservedInvoice, _>(refuse(code, field.as_slice())));
        assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), [told]);
    }
    world.fakes.on(RESERVE, |_: ReserveInvoiceRequest| Err::<ReservedInvoice, _>(Status::unavailable("away")));
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["UNAVAILABLE"]);
    assert!(world.outbox().await.is_empty());
    drop(bank);
    world.end().await;
}

pub async fn an_attempt_is_committed_before_the_bank_is_told(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    // A bank that gives no token leaves an attempt that the next try takes up.
    bank.is_down(true);
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["UNAVAILABLE"]);
    let begun = world.published::<AttemptStarted>().await;
    assert_eq!((begun.len(), begun[0].application_number), (1, NUMBER));
    assert_eq!(seen(&mut applicant, &begun[0].attempt_id).await.state(), AttemptState::Created);
    bank.is_down(false);
    let answer = started(&mut applicant, invoice(1)).await;
    let attempt = answer.attempt.unwrap();
    assert_eq!((attempt.id.as_str(), attempt.state()), (begun[0].attempt_id.as_str(), AttemptState::Redirected));
    assert_eq!((attempt.bank_invoice_id.as_str(), attempt.amount), ("100000001", tenge(TOTAL)));
    assert_eq!(world.published::<AttemptStarted>().await.len(), 1);
    let object: Value = serde_json::from_str(&answer.payment_object).unwrap();
    assert_eq!(
        (&object["invoiceId"], &object["amount"], &object["language"]),
        (&json!("100000001"), &json!(10000), &json!("kaz"))
    );
    assert_eq!(object["auth"]["access_token"], "a-token");
    assert!(!answer.payment_object.contains("only in this test"), "our own secret stays here");
    assert!(!answer.payment_object.contains(&bank.secret()), "the callback's secret stays here");
    // Another invoice has another number at the bank.
    let other = started(&mut applicant, invoice(2)).await.attempt.unwrap();
    assert_eq!(other.bank_invoice_id, "100000002");
    world.end().await;
}

pub async fn a_live_attempt_is_taken_up_again(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let first = started(&mut applicant, invoice(1)).await.attempt.unwrap();
    let again = started(&mut applicant, invoice(1)).await.attempt.unwrap();
    assert_eq!((again.id, again.bank_invoice_id), (first.id.clone(), first.bank_invoice_id.clone()));
    bank.says(&json!({ "statusName": "AUTH" }));
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["ATTEMPT_LIVE"]);
    // A decline that the bank itself tells makes room for a new attempt.
    bank.says(&json!({ "statusName": "FAILED", "reasonCode": "484" }));
    let next = started(&mut applicant, invoice(1)).await.attempt.unwrap();
    assert_ne!(next.id, first.id);
    assert_eq!(world.published::<AttemptClosed>().await[0].attempt_id, first.id);
    bank.says(&json!({}));
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["INVOICE_NOT_PAYABLE"]);
    // What is charged already is not claimed once more: an attempt that can go nowhere would hold the invoice for days.
    let (reserved, _, _) = world.fakes.seen("ReserveInvoice");
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["INVOICE_NOT_PAYABLE"]);
    assert_eq!(world.fakes.seen("ReserveInvoice").0, reserved);
    assert_eq!(world.published::<AttemptStarted>().await.len(), 2);
    let stranger = client(&world, people::stranger()).start_attempt(starting(invoice(1))).await;
    assert_eq!(refusal(stranger), ["NOT_FOUND"]);
    world.end().await;
}

pub async fn a_sum_the_bank_does_not_take_frees_the_invoice(coverage: &Coverage) {
    let (world, _bank) = start(coverage, 999).await;
    let mut applicant = client(&world, people::applicant());
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["INVOICE_NOT_PAYABLE"]);
    let closed = world.published::<AttemptClosed>().await;
    assert_eq!((closed[0].outcome.as_str(), closed[0].decline_class.as_str()), ("failed", "limit"));
    world.end().await;
}

pub async fn each_sees_his_own_attempts(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let id = started(&mut applicant, invoice(1)).await.attempt.unwrap().id;
    bank.says(&json!({ "statusName": "REJECT", "reasonCode": "484" }));
    world.pass_hours(1);
    world.step("inquire").await;
    let one = || GetAttemptRequest { attempt_id: id.clone() };
    let all = ListAttemptsRequest { application_number: NUMBER };
    let own = seen(&mut applicant, &id).await;
    assert_eq!((own.decline_class.as_str(), own.reason_code.as_str()), ("insufficient_funds", ""));
    let mut manager = client(&world, people::manager());
    assert_eq!(seen(&mut manager, &id).await.reason_code, "484");
    for reader in [people::applicant(), people::finance(), people::program(&[Scope::PaymentsRead])] {
        let shown = client(&world, reader).list_attempts(all).await.unwrap().into_inner();
        assert_eq!(shown.attempts.len(), 1);
    }
    for other in [people::stranger(), people::admin(), people::program(&[Scope::BillingRead])] {
        assert_eq!(refusal(client(&world, other.clone()).get_attempt(one()).await), ["NOT_FOUND"]);
        assert_eq!(refusal(client(&world, other).list_attempts(all).await), ["NOT_FOUND"]);
    }
    world.end().await;
}
