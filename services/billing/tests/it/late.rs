//! Money that comes when its invoice has run out: nothing counts it, and all of it can be given back.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::{
    billing::v1::{Billable, PaymentStatus, RequestRefundRequest},
    payments::v1::ChargeMismatched,
};

use super::{
    Client, NUMBER, TOTAL, approved, billable, cancelled, client, invoiced, tenge,
    transfers::{self, accounts, balances},
};

/// A case whose invoice ran out, was charged all the same, and whose approval was renewed; no other invoice is issued yet.
async fn renewed(coverage: &Coverage) -> (Alone, Client) {
    let (world, applicant, invoice) = invoiced(coverage).await;
    world.pass_hours(24 * 40);
    while world.step("expire").await > 0 {}
    let late = ChargeMismatched {
        attempt_id: "att_1".to_owned(),
        invoice_id: invoice.id,
        application_number: NUMBER,
        mismatch_id: "mis_1".to_owned(),
        kind: "not_payable".to_owned(),
        expected: tenge(TOTAL),
        charged: tenge(TOTAL),
        bank_operation_id: "op-1".to_owned(),
        reference: "632613500102".to_owned(),
        card_mask: "440563...5096".to_owned(),
        order_number: "000100000002".to_owned(),
    };
    world.tell("att_1", 5, &late).await;
    world.tell(NUMBER, 20, &approved(NUMBER)).await;
    (world, applicant)
}

fn unapplied(of: &Billable) -> Option<proto::common::v1::Money> {
    of.unapplied.clone()
}

/// Would have found: money of a former invoice that nobody sees or can ask for while there is no other one, and a transfer
/// that can't be recorded.
pub async fn money_after_the_term_goes_back_without_another_invoice(coverage: &Coverage) {
    let (world, mut applicant) = renewed(coverage).await;
    let mut finance = client(&world, people::finance());
    let seen = billable(&mut applicant).await;
    assert_eq!((seen.invoice.is_none(), unapplied(&seen), seen.refundable.clone()), (true, tenge(TOTAL), tenge(TOTAL)));
    let recorded = finance.record_transfer(transfers::recording("PD-1", 300_000)).await.unwrap().into_inner();
    assert_eq!((recorded.payment_status(), unapplied(&recorded)), (PaymentStatus::NotPaid, tenge(TOTAL + 300_000)));
    let [reason, holder, bank, iban, bic] =
        ["paid too late", "Anna Schmidt", "Altyn Bank", "KZ149491100000810569", "ATYNKZKA"].map(str::to_owned);
    let asking = RequestRefundRequest {
        application_number: NUMBER,
        kind: "surplus".to_owned(),
        reason,
        holder,
        bank,
        iban,
        bic,
        ..RequestRefundRequest::default()
    };
    let asked = applicant.request_refund(asking).await.unwrap().into_inner();
    assert_eq!(asked.refunds[0].amount, tenge(TOTAL + 300_000));
    world.end().await;
}

/// Would have found: money that stays with the centre when the case is cancelled before it has another invoice.
pub async fn money_after_the_term_goes_back_when_the_case_is_cancelled(coverage: &Coverage) {
    let (world, mut applicant) = renewed(coverage).await;
    world.tell(NUMBER, 30, &cancelled(NUMBER)).await;
    let seen = billable(&mut applicant).await;
    assert!(seen.closed);
    assert_eq!((seen.refunds.len(), seen.refunds[0].amount.clone()), (1, tenge(TOTAL)));
    assert_eq!(balances(&world).await, accounts(&[("bank", TOTAL), ("suspense", -TOTAL)]));
    world.end().await;
}

/// Would have found: a case that is "Pending" for a receipt of an invoice that is over, and can't be renewed for it.
pub async fn receipts_are_for_invoices_that_are_to_be_paid(coverage: &Coverage) {
    let (world, mut applicant, _) = invoiced(coverage).await;
    world.pass_hours(24 * 40);
    while world.step("expire").await > 0 {}
    assert_eq!(refusal(transfers::shown(&mut applicant).await), ["INVOICE_NOT_PAYABLE"]);
    assert_eq!(billable(&mut applicant).await.payment_status(), PaymentStatus::NotPaid);
    world.end().await;
}
