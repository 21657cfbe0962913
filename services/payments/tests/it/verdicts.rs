//! What the bank's own status makes of an attempt, in whatever order it is heard.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::{
    billing::v1::{InvoiceExpired, InvoiceVoided},
    payments::v1::{
        AttemptClosed, AttemptState, ChargeMismatched, ChargeVerified, CheckAttemptRequest, ListMismatchesRequest,
    },
};
use serde_json::json;

use super::{NUMBER, TOTAL, client, invoice, seen, start, started, starting, tenge};

fn checking(id: &str) -> CheckAttemptRequest {
    CheckAttemptRequest { attempt_id: id.to_owned() }
}

fn voided(n: u128) -> InvoiceVoided {
    InvoiceVoided {
        application_number: NUMBER,
        account_id: people::applicant().account().unwrap().to_string(),
        invoice_id: invoice(n),
        document_number: "P-O/2026/1".to_owned(),
    }
}

/// Lets so many days pass, the worker looking every hour.
async fn pass_days(world: &Alone, days: u64) {
    for _ in 0..days * 24 {
        world.pass_hours(1);
        while world.step("inquire").await > 0 {}
    }
}

pub async fn a_charge_is_told_once_however_often_it_is_seen(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let id = started(&mut applicant, invoice(1)).await.attempt.unwrap().id;
    // A bank that does not answer has told nothing.
    bank.is_down(true);
    let checked = applicant.check_attempt(checking(&id)).await.unwrap().into_inner();
    assert_eq!(checked.state(), AttemptState::Redirected);
    bank.is_down(false);
    bank.says(&json!({}));
    world.pass_hours(1);
    for _ in 0..2 {
        let checked = applicant.check_attempt(checking(&id)).await.unwrap().into_inner();
        assert_eq!(checked.state(), AttemptState::Charged);
        world.pass_hours(1);
        world.step("inquire").await;
    }
    let told = world.published::<ChargeVerified>().await;
    assert_eq!((told.len(), told[0].bank_operation_id.as_str()), (1, "op-1"));
    assert_eq!((told[0].amount.clone(), told[0].card_mask.as_str()), (tenge(TOTAL), "440563...5096"));
    assert_eq!(refusal(client(&world, people::stranger()).check_attempt(checking(&id)).await), ["NOT_FOUND"]);
    world.end().await;
}

pub async fn a_charge_wins_over_a_decline(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let id = started(&mut applicant, invoice(1)).await.attempt.unwrap().id;
    // A code after which the payment may still succeed closes nothing.
    bank.says(&json!({ "statusName": "FAILED", "reasonCode": "454" }));
    world.pass_hours(1);
    world.step("inquire").await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Redirected);
    bank.says(&json!({ "statusName": "FAILED", "reasonCode": "484" }));
    pass_days(&world, 1).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Failed);
    assert_eq!(world.published::<AttemptClosed>().await.len(), 1);
    bank.says(&json!({}));
    pass_days(&world, 2).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Charged);
    assert_eq!(world.published::<ChargeVerified>().await.len(), 1);
    // Nothing wins over a charge.
    bank.says(&json!({ "statusName": "FAILED", "reasonCode": "484" }));
    pass_days(&world, 2).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Charged);
    world.end().await;
}

pub async fn silence_ends_no_watch(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let id = started(&mut applicant, invoice(1)).await.attempt.unwrap().id;
    bank.says(&json!({ "statusName": "FAILED", "reasonCode": "484" }));
    world.pass_hours(1);
    world.step("inquire").await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Failed);
    // The bank charges after all, and is away whenever it is asked until the watch is over.
    bank.says(&json!({}));
    bank.is_down(true);
    pass_days(&world, 5).await;
    bank.is_down(false);
    pass_days(&world, 1).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Charged, "the last look is owed until it sees");
    world.end().await;
}

pub async fn a_charge_that_does_not_fit_goes_to_staff(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let cases = [
        ("amount", json!({ "amount": 9999.99 })),
        ("currency", json!({ "currency": "USD" })),
        ("terminal", json!({ "terminal": "another" })),
    ];
    for ((kind, said), n) in cases.iter().zip(1..) {
        let id = started(&mut applicant, invoice(n)).await.attempt.unwrap().id;
        bank.says(said);
        world.pass_hours(1);
        world.step("inquire").await;
        assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Mismatched, "{kind}");
    }
    let told = world.published::<ChargeMismatched>().await;
    let kinds: Vec<&str> = told.iter().map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, ["amount", "currency", "terminal"]);
    assert_eq!((told[0].expected.clone(), told[0].charged.clone()), (tenge(TOTAL), tenge(999_999)));
    assert!(world.published::<ChargeVerified>().await.is_empty());
    let all = ListMismatchesRequest::default();
    let mut finance = client(&world, people::finance());
    let shown = finance.list_mismatches(all.clone()).await.unwrap().into_inner();
    assert_eq!((shown.mismatches.len(), shown.mismatches[2].kind.as_str()), (3, "amount"));
    assert_eq!(refusal(applicant.list_mismatches(all.clone()).await), ["NOT_PERMITTED"]);
    let of = |date: &str| ListMismatchesRequest { date: date.to_owned(), ..all.clone() };
    assert_eq!(refusal(finance.list_mismatches(of("soon")).await), ["DATE_MALFORMED at date"]);
    assert!(finance.list_mismatches(of("2020-01-01")).await.unwrap().into_inner().mismatches.is_empty());
    world.end().await;
}

pub async fn an_attempt_that_was_never_opened_is_given_up(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    let id = started(&mut applicant, invoice(1)).await.attempt.unwrap().id;
    pass_days(&world, 3).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Abandoned);
    let closed = world.published::<AttemptClosed>().await;
    assert_eq!((closed.len(), closed[0].outcome.as_str()), (1, "abandoned"));
    bank.says(&json!({}));
    pass_days(&world, 2).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Charged, "money that comes late is found");
    world.end().await;
}

pub async fn a_void_invoice_is_led_to_no_bank(coverage: &Coverage) {
    let (world, bank) = start(coverage, TOTAL).await;
    let mut applicant = client(&world, people::applicant());
    // Never at the bank: closed at once.
    bank.is_down(true);
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(1))).await), ["UNAVAILABLE"]);
    bank.is_down(false);
    world.tell(NUMBER, 3, &voided(1)).await;
    let closed = world.published::<AttemptClosed>().await;
    assert_eq!((closed.len(), closed[0].outcome.as_str()), (1, "abandoned"));
    // At the bank: still asked about, and its money is told as one that does not fit.
    let id = started(&mut applicant, invoice(2)).await.attempt.unwrap().id;
    // It ran out: the same.
    let ended = voided(2);
    let ended = InvoiceExpired {
        application_number: ended.application_number,
        account_id: ended.account_id,
        invoice_id: ended.invoice_id,
        document_number: ended.document_number,
    };
    world.tell(NUMBER, 5, &ended).await;
    assert_eq!(seen(&mut applicant, &id).await.state(), AttemptState::Redirected);
    assert_eq!(refusal(applicant.start_attempt(starting(invoice(2))).await), ["INVOICE_NOT_PAYABLE"]);
    bank.says(&json!({}));
    world.pass_hours(1);
    world.step("inquire").await;
    assert_eq!(world.published::<ChargeMismatched>().await[0].kind, "not_payable");
    world.end().await;
}
