//! What payments and applications do to an invoice: claims, holds, charges in any order.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    billing::v1::{HoldForCancellationRequest, PaymentStatus, PaymentStatusChanged, ReserveInvoiceRequest},
    payments::v1::ChargeMismatched,
};

use super::{NUMBER, TOTAL, billable, cancelled, charge, client, closed, invoiced, issuing, payer, reserving, tenge};

const HOLD: HoldForCancellationRequest = HoldForCancellationRequest { application_number: NUMBER };

pub async fn an_attempt_claims_the_invoice_alone(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let unread = ReserveInvoiceRequest { terms_accepted: false, ..reserving(&invoice, "att_1") };
    assert_eq!(refusal(applicant.reserve_invoice(unread).await), ["TERMS_NOT_ACCEPTED at terms_accepted"]);
    let stranger = client(&world, people::stranger()).reserve_invoice(reserving(&invoice, "att_1")).await;
    assert_eq!(refusal(stranger), ["NOT_FOUND"]);
    let reserved = applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap().into_inner();
    assert_eq!((reserved.amount, reserved.document_number), (tenge(TOTAL), invoice.document_number.clone()));
    let version = billable(&mut applicant).await.version;
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    assert_eq!(billable(&mut applicant).await.version, version, "the same claim again is nothing");
    assert_eq!(refusal(applicant.reserve_invoice(reserving(&invoice, "att_2")).await), ["ATTEMPT_LIVE"]);
    let mut other = payer();
    other.city = "Almaty".into();
    assert_eq!(refusal(applicant.issue_invoice(issuing(other)).await), ["PAYMENT_UNDER_WAY"]);
    // News of another attempt frees nothing; its own end does, whether it failed or did not fit.
    world.tell("att_2", 2, &closed(&invoice, "att_2")).await;
    assert_eq!(refusal(applicant.reserve_invoice(reserving(&invoice, "att_2")).await), ["ATTEMPT_LIVE"]);
    world.tell("att_1", 2, &closed(&invoice, "att_1")).await;
    applicant.reserve_invoice(reserving(&invoice, "att_2")).await.unwrap();
    let mismatched = ChargeMismatched {
        attempt_id: "att_2".to_owned(),
        invoice_id: invoice.id.clone(),
        application_number: NUMBER,
        mismatch_id: "mis_1".to_owned(),
        kind: "amount".to_owned(),
        expected: tenge(TOTAL),
        charged: tenge(5),
        bank_operation_id: "op-5".to_owned(),
        reference: "632613500105".to_owned(),
        card_mask: "440563...5096".to_owned(),
        order_number: "000100000002".to_owned(),
    };
    world.tell("att_2", 3, &mismatched).await;
    let free = billable(&mut applicant).await;
    assert_eq!((free.attempt_live, free.payment_status()), (false, PaymentStatus::NotPaid));
    assert_eq!((free.evidence[0].kind.as_str(), free.unapplied), ("unapplied_charge", tenge(5)));
    // Nothing can be paid past the due date and the bank's days after it.
    world.pass_hours(24 * 40);
    assert_eq!(refusal(applicant.reserve_invoice(reserving(&invoice, "att_3")).await), ["INVOICE_NOT_PAYABLE"]);
    world.end().await;
}

pub async fn a_case_under_cancellation_takes_no_payment(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let mut applications = client(&world, people::service("applications"));
    assert_eq!(refusal(applicant.hold_for_cancellation(HOLD).await), ["NOT_PERMITTED"]);
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    assert_eq!(refusal(applications.hold_for_cancellation(HOLD).await), ["PAYMENT_UNDER_WAY"]);
    world.tell("att_1", 2, &closed(&invoice, "att_1")).await;
    applications.hold_for_cancellation(HOLD).await.unwrap();
    assert_eq!(refusal(applicant.reserve_invoice(reserving(&invoice, "att_2")).await), ["INVOICE_NOT_PAYABLE"]);
    // A cancellation that never came holds nobody for ever.
    world.pass_hours(1);
    applicant.reserve_invoice(reserving(&invoice, "att_2")).await.unwrap();
    world.tell("att_2", 2, &charge(&invoice, "att_2", "op-1", TOTAL)).await;
    assert_eq!(refusal(applications.hold_for_cancellation(HOLD).await), ["PAYMENT_UNDER_WAY"]);
    world.end().await;
}

pub async fn each_charge_counts_once_in_any_order(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    // The attempt was told closed before its charge was found; the charge wins.
    world.tell("att_1", 3, &closed(&invoice, "att_1")).await;
    // Another one was reserved for meanwhile and never begun: nothing would end it but this charge.
    applicant.reserve_invoice(reserving(&invoice, "att_3")).await.unwrap();
    world.tell("att_1", 4, &charge(&invoice, "att_1", "op-1", TOTAL)).await;
    assert!(!billable(&mut applicant).await.attempt_live);
    // The same operation in another envelope is the same money.
    world.tell("att_1", 5, &charge(&invoice, "att_1", "op-1", TOTAL)).await;
    let pending = billable(&mut applicant).await;
    assert_eq!((pending.payment_status(), pending.evidence.len()), (PaymentStatus::Pending, 1));
    assert_eq!((pending.evidence[0].kind.as_str(), pending.evidence[0].reference.as_str()), ("charge", ""));
    // A second charge is kept as well, but counts for nothing by itself.
    world.tell("att_2", 2, &charge(&invoice, "att_2", "op-2", TOTAL)).await;
    let twice = billable(&mut client(&world, people::finance())).await;
    let mut kinds: Vec<_> = twice.evidence.iter().map(|shown| shown.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["charge", "unapplied_charge"]);
    assert_eq!(twice.evidence[0].reference, "632613500102");
    let told = world.published::<PaymentStatusChanged>().await;
    assert_eq!((told.len(), told[0].status.as_str(), told[0].invoice_id.as_str()), (1, "pending", invoice.id.as_str()));
    assert_eq!(refusal(applicant.issue_invoice(issuing(payer())).await), ["PAYMENT_UNDER_WAY"]);
    world.end().await;
}

pub async fn money_for_a_void_invoice_waits_for_staff(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    world.tell(NUMBER, 12, &cancelled(NUMBER)).await;
    world.tell("att_1", 2, &charge(&invoice, "att_1", "op-1", TOTAL)).await;
    assert_eq!(billable(&mut applicant).await.payment_status(), PaymentStatus::NotPaid);
    let mut finance = client(&world, people::finance());
    let waiting = finance.list_payments(proto::billing::v1::ListPaymentsRequest::default()).await.unwrap().into_inner();
    assert_eq!(waiting.payments[0].evidence[0].kind, "unapplied_charge");
    let mut applications = client(&world, people::service("applications"));
    // What has come is no bar: it goes back once the case is cancelled.
    applications.hold_for_cancellation(HOLD).await.unwrap();
    world.end().await;
}
