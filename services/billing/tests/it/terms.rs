//! The term of an invoice: reminders, days of grace, its end, and a renewed approval; and reservations that nobody uses.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    billing::v1::{InvoiceExpired, InvoiceReminderDue, IssueInvoiceRequest, PaymentStatus},
    payments::v1::AttemptStarted,
};

use super::{NUMBER, TOTAL, approved, billable, charge, client, invoiced, issuing, payer, reserving, tenge};

/// Would have found: a reminder sent twice or after the end, an invoice ended on its due date or while money was under way.
pub async fn an_unpaid_invoice_is_reminded_of_and_ends(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let mut left = Vec::new();
    for _ in 0..31 {
        world.step("expire").await;
        assert_eq!(world.step("expire").await, 0, "told twice in a day");
        world.pass_hours(24);
    }
    for fact in world.published::<InvoiceReminderDue>().await {
        assert_eq!(
            (fact.total, fact.due_date, fact.invoice_id),
            (tenge(TOTAL), invoice.due_date.clone(), invoice.id.clone())
        );
        left.push(fact.days_left);
    }
    assert_eq!(left, [7, 3, 1]);
    // The due date is over, but not the bank's days after it.
    assert_eq!(world.step("expire").await, 0);
    assert_eq!(applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner().id, invoice.id);
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    world.tell("att_1", 1, &started(&invoice.id, "att_1")).await;
    world.pass_hours(24 * 12);
    assert_eq!(world.step("expire").await, 0, "an attempt is live");
    world.tell("att_1", 2, &super::closed(&invoice, "att_1")).await;
    assert_eq!((world.step("expire").await, world.step("expire").await), (1, 0));
    let told = world.published::<InvoiceExpired>().await;
    assert_eq!((told.len(), told[0].invoice_id.clone()), (1, invoice.id.clone()));
    assert_eq!(refusal(applicant.reserve_invoice(reserving(&invoice, "att_2")).await), ["INVOICE_NOT_PAYABLE"]);
    assert_eq!(refusal(applicant.issue_invoice(issuing(payer())).await), ["BILLABLE_EXPIRED"]);
    // Money that comes all the same waits for staff.
    world.tell("att_1", 3, &charge(&invoice, "att_1", "op-1", TOTAL)).await;
    assert_eq!(billable(&mut applicant).await.payment_status(), PaymentStatus::NotPaid);
    // Approved anew: another invoice, at the new price.
    let mut dearer = approved(NUMBER);
    dearer.lines[0].unit_price = tenge(TOTAL + 500_000);
    dearer.lines[0].amount = tenge(TOTAL + 500_000);
    dearer.total = tenge(TOTAL + 500_000);
    world.tell(NUMBER, 20, &dearer).await;
    let renewed = applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner();
    assert_ne!((renewed.id.clone(), renewed.document_number.clone()), (invoice.id, invoice.document_number));
    assert_eq!((renewed.total.clone(), renewed.state.as_str()), (dearer.total.clone(), "issued"));
    world.tell(NUMBER, 21, &approved(NUMBER)).await;
    assert_eq!(billable(&mut applicant).await.total, renewed.total, "told twice changes nothing");
    world.end().await;
}

fn started(invoice: &str, attempt: &str) -> AttemptStarted {
    AttemptStarted { attempt_id: attempt.to_owned(), invoice_id: invoice.to_owned(), application_number: NUMBER }
}

/// Would have found: an invoice held for ever by an attempt whose row was never written, or set free under a live one.
pub async fn a_reservation_that_nobody_uses_ends(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    assert_eq!(world.step("expire").await, 0);
    world.pass_hours(1);
    assert_eq!((world.step("expire").await, world.step("expire").await), (1, 0));
    assert!(!billable(&mut applicant).await.attempt_live);
    applicant.reserve_invoice(reserving(&invoice, "att_2")).await.unwrap();
    world.tell("att_2", 1, &started(&invoice.id, "att_2")).await;
    world.pass_hours(2);
    assert_eq!(world.step("expire").await, 0);
    assert!(billable(&mut applicant).await.attempt_live, "payments holds it");
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(stranger.reserve_invoice(reserving(&invoice, "att_3")).await), ["NOT_FOUND"]);
    world.end().await;
}

/// Would have found: invoices that wait out their grace, or were reminded of already, standing before all others.
pub async fn many_unpaid_invoices_hold_up_none(coverage: &Coverage) {
    let (world, mut applicant, _) = invoiced(coverage).await;
    let issue = async |applicant: &mut super::Client, number: i64| {
        world.tell(number, 9, &approved(number)).await;
        let request = IssueInvoiceRequest { application_number: number, ..issuing(payer()) };
        applicant.issue_invoice(request).await.unwrap();
    };
    for number in NUMBER + 1..NUMBER + 110 {
        issue(&mut applicant, number).await;
    }
    world.pass_hours(24 * 3);
    issue(&mut applicant, NUMBER + 200).await;
    world.pass_hours(24 * 20);
    assert_eq!((world.step("expire").await, world.step("expire").await, world.step("expire").await), (100, 10, 0));
    world.pass_hours(24 * 3);
    assert_eq!(world.step("expire").await, 1, "the younger one's turn, behind those that were told");
    world.end().await;
}
