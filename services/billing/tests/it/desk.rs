//! The payment desk: confirm on evidence, decline with a reason.

use chassis::{
    demo,
    testing::{Alone, Coverage, people, refusal},
};
use kernel::Role;
use proto::billing::v1::{
    ConfirmPaymentRequest, DeclinePaymentRequest, Invoice, ListPaymentsRequest, PaymentStatus, PaymentStatusChanged,
};

use super::{Client, NUMBER, TOTAL, billable, charge, client, invoiced, issuing, payer, reserving};

pub fn confirming(version: i64) -> ConfirmPaymentRequest {
    ConfirmPaymentRequest { application_number: NUMBER, version, part: false }
}

pub fn declining(version: i64, reason: &str) -> DeclinePaymentRequest {
    DeclinePaymentRequest { application_number: NUMBER, version, reason: reason.to_owned(), receipt_id: String::new() }
}

/// A world in which the bank took this sum.
async fn charged(coverage: &Coverage, minor: i64) -> (Alone, Client, Invoice) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    world.tell("att_1", 2, &charge(&invoice, "att_1", "op-1", minor)).await;
    (world, applicant, invoice)
}

pub async fn staff_confirm_on_evidence(coverage: &Coverage) {
    let (world, mut applicant, _) = charged(coverage, TOTAL).await;
    let mut manager = client(&world, people::manager());
    let waiting = manager.list_payments(ListPaymentsRequest::default()).await.unwrap().into_inner();
    let version = waiting.payments[0].version;
    assert_eq!(refusal(applicant.list_payments(ListPaymentsRequest::default()).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(applicant.confirm_payment(confirming(version)).await), ["NOT_PERMITTED"]);
    // Nobody confirms his own payment, whatever his office.
    let both = people::person(demo::APPLICANTS[0], &[Role::Applicant, Role::Manager]);
    assert_eq!(refusal(client(&world, both).confirm_payment(confirming(version)).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(manager.confirm_payment(confirming(version - 1)).await), ["VERSION_CONFLICT"]);
    let paid = manager.confirm_payment(confirming(version)).await.unwrap().into_inner();
    assert_eq!((paid.payment_status(), paid.invoice.unwrap().state.as_str()), (PaymentStatus::Paid, "paid"));
    let told = world.published::<PaymentStatusChanged>().await;
    assert_eq!(told.iter().map(|fact| fact.status.as_str()).collect::<Vec<_>>(), ["pending", "paid"]);
    // "Paid" never goes back.
    assert_eq!(refusal(manager.confirm_payment(confirming(paid.version)).await), ["PAYMENT_NOT_PENDING"]);
    assert_eq!(refusal(manager.decline_payment(declining(paid.version, "no")).await), ["PAYMENT_NOT_PENDING"]);
    assert_eq!(refusal(applicant.issue_invoice(issuing(payer())).await), ["ALREADY_PAID"]);
    assert_eq!(world.audited("PAYMENT_CONFIRMED").await, 1);
    world.end().await;
}

pub async fn staff_decline_with_a_reason(coverage: &Coverage) {
    let (world, mut applicant, invoice) = charged(coverage, TOTAL).await;
    let mut finance = client(&world, people::finance());
    let version = billable(&mut finance).await.version;
    assert_eq!(refusal(finance.decline_payment(declining(version, " ")).await), ["REASON_MISSING at reason"]);
    let declined = finance.decline_payment(declining(version, "not on the account")).await.unwrap().into_inner();
    assert_eq!(
        (declined.payment_status(), declined.decline_reason.as_str()),
        (PaymentStatus::NotPaid, "not on the account")
    );
    let told = world.published::<PaymentStatusChanged>().await;
    assert_eq!((told[1].status.as_str(), told[1].declined), ("not_paid", true));
    // It may be paid again.
    applicant.reserve_invoice(reserving(&invoice, "att_2")).await.unwrap();
    world.tell("att_2", 2, &charge(&invoice, "att_2", "op-2", TOTAL)).await;
    let again = billable(&mut finance).await;
    assert_eq!((again.payment_status(), again.decline_reason.as_str()), (PaymentStatus::Pending, ""));
    finance.confirm_payment(confirming(again.version)).await.unwrap();
    world.end().await;
}

pub async fn a_short_sum_is_not_confirmed(coverage: &Coverage) {
    let (world, _, _) = charged(coverage, TOTAL - 1).await;
    let mut supervisor = client(&world, people::supervisor());
    let version = billable(&mut supervisor).await.version;
    assert_eq!(refusal(supervisor.confirm_payment(confirming(version)).await), ["EVIDENCE_SHORT"]);
    world.end().await;
}
