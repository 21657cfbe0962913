//! Refunds that go back to the card: sent by another person than who granted them, done when payments says so.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::{
    billing::v1::{Billable, PaymentStatus, RefundChanged, RefundOrdered, RefundPart, RequestRefundRequest},
    payments::v1::{ChargeMismatched, RefundExecuted, RefundFailed},
};

use super::{
    Client, NUMBER, TOTAL, billable, client,
    refunds::{asking, deciding, executing, lines, paid, reviewing},
    tenge,
    transfers::{accounts, balances},
};

/// Without an account: back to the card.
fn to_card(request: RequestRefundRequest) -> RequestRefundRequest {
    let none = String::new;
    RequestRefundRequest { bank: none(), iban: none(), bic: none(), ..request }
}

async fn granted(world: &Alone, applicant: &mut Client, request: RequestRefundRequest) -> Billable {
    let asked = applicant.request_refund(request).await.unwrap().into_inner();
    let mut finance = client(world, people::finance());
    let reviewed = finance.review_refund(reviewing(&asked)).await.unwrap().into_inner();
    let mut supervisor = client(world, people::supervisor());
    supervisor.decide_refund(deciding(&reviewed, true, "")).await.unwrap().into_inner()
}

fn parts(found: &Billable) -> Vec<RefundPart> {
    found.refunds.last().unwrap().parts.clone()
}

fn state(found: &Billable) -> &str {
    &found.refunds.last().unwrap().state
}

fn executed(found: &Billable, part: &RefundPart) -> RefundExecuted {
    RefundExecuted {
        application_number: NUMBER,
        refund_id: found.refunds.last().unwrap().id.clone(),
        part_id: part.id.clone(),
        amount: part.amount.clone(),
        ..RefundExecuted::default()
    }
}

fn failed(found: &Billable, part: &RefundPart) -> RefundFailed {
    let told = executed(found, part);
    RefundFailed {
        application_number: NUMBER,
        refund_id: told.refund_id,
        part_id: told.part_id,
        reason: "refused".to_owned(),
        ..RefundFailed::default()
    }
}

pub async fn one_person_of_three_gets_his_money_back_on_his_card(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let mut finance = client(&world, people::finance());
    let approved = granted(&world, &mut applicant, to_card(lines(1))).await;
    assert!(approved.refunds[0].by_card);
    assert_eq!(refusal(applicant.send_refund(reviewing(&approved)).await), ["NOT_PERMITTED"]);
    let both = people::person(chassis::demo::SUPERVISOR, &[kernel::Role::Supervisor, kernel::Role::Finance]);
    if both.account() == people::supervisor().account() {
        assert_eq!(refusal(client(&world, both).send_refund(reviewing(&approved)).await), ["FOUR_EYES"]);
    }
    // Without an account nothing is paid out by an order.
    assert_eq!(refusal(finance.execute_refund(executing(&approved, "PO-1")).await), ["REFUND_ACCOUNT_MISSING"]);
    let sent = finance.send_refund(reviewing(&approved)).await.unwrap().into_inner();
    assert_eq!((state(&sent), parts(&sent)[0].amount.clone()), ("sent", tenge(TOTAL)));
    assert_eq!(refusal(finance.send_refund(reviewing(&sent)).await), ["REFUND_STATE"]);
    assert_eq!(refusal(finance.execute_refund(executing(&sent, "PO-1")).await), ["REFUND_STATE"]);
    let ordered = world.published::<RefundOrdered>().await;
    assert_eq!((ordered.len(), ordered[0].parts[0].bank_operation_id.as_str()), (1, "op-1"));
    // It fails, is sent again, and is done; what is heard twice, late or of nothing changes nothing.
    let first = parts(&sent)[0].clone();
    world.tell(&first.id, 2, &failed(&sent, &first)).await;
    let stopped = billable(&mut finance).await;
    assert_eq!((state(&stopped), parts(&stopped)[0].reason.as_str()), ("failed", "refused"));
    let again = finance.send_refund(reviewing(&stopped)).await.unwrap().into_inner();
    let second = parts(&again).into_iter().find(|part| part.state == "sent").unwrap();
    assert_ne!(first.id, second.id);
    world.tell(&first.id, 3, &executed(&again, &first)).await;
    assert_eq!(state(&billable(&mut finance).await), "sent", "what has failed is not done by a late word");
    for version in 2..5 {
        world.tell(&second.id, version, &executed(&again, &second)).await;
    }
    world.tell("unknown", 2, &RefundExecuted { part_id: "unknown".into(), ..executed(&again, &second) }).await;
    let done = billable(&mut finance).await;
    assert_eq!((state(&done), done.payment_status()), ("done", PaymentStatus::PartlyRefunded));
    assert_eq!(balances(&world).await, accounts(&[("bank", 2 * TOTAL), ("revenue", -2 * TOTAL)]));
    let told: Vec<_> = world.published::<RefundChanged>().await.into_iter().map(|fact| fact.state).collect();
    assert_eq!(told, ["requested", "approved", "sent", "failed", "sent", "done"]);
    world.end().await;
}

pub async fn what_was_paid_twice_goes_back_to_the_card_it_came_from(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let invoice = billable(&mut applicant).await.invoice.unwrap();
    let twice = ChargeMismatched {
        attempt_id: "att_2".to_owned(),
        invoice_id: invoice.id,
        application_number: NUMBER,
        kind: "second_charge".to_owned(),
        charged: tenge(3 * TOTAL),
        bank_operation_id: "op-2".to_owned(),
        ..ChargeMismatched::default()
    };
    for version in 2..4 {
        world.tell("att_2", version, &twice).await;
    }
    let strange = ChargeMismatched { kind: "terminal".to_owned(), bank_operation_id: "op-3".to_owned(), ..twice };
    world.tell("att_3", 2, &strange).await;
    let seen = billable(&mut applicant).await;
    assert_eq!((seen.unapplied.clone(), seen.payment_status()), (tenge(3 * TOTAL), PaymentStatus::Paid));
    let mut finance = client(&world, people::finance());
    let approved = granted(&world, &mut applicant, to_card(asking("surplus"))).await;
    let sent = finance.send_refund(reviewing(&approved)).await.unwrap().into_inner();
    assert_eq!(world.published::<RefundOrdered>().await[0].parts[0].bank_operation_id, "op-2");
    world.tell(&parts(&sent)[0].id, 2, &executed(&sent, &parts(&sent)[0])).await;
    let desk = finance.list_payments(proto::billing::v1::ListPaymentsRequest::default()).await.unwrap().into_inner();
    assert!(desk.payments.is_empty(), "what went back waits at the desk no more");
    // The rest in two steps: what the bank gives back, and what finance pays out where the bank does not.
    world.pass_hours(1);
    let approved = granted(&world, &mut applicant, asking("full")).await;
    let sent = finance.send_refund(reviewing(&approved)).await.unwrap().into_inner();
    world.tell(&parts(&sent)[0].id, 2, &failed(&sent, &parts(&sent)[0])).await;
    let stopped = billable(&mut finance).await;
    let done = finance.execute_refund(executing(&stopped, "PO-1")).await.unwrap().into_inner();
    assert_eq!((done.payment_status(), done.refundable), (PaymentStatus::Refunded, tenge(0)));
    assert_eq!(balances(&world).await, accounts(&[]));
    world.end().await;
}

pub async fn what_came_by_transfer_does_not_go_back_by_card(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let mut finance = client(&world, people::finance());
    finance.record_transfer(super::transfers::recording("BD-1", 50_000)).await.unwrap();
    let approved = granted(&world, &mut applicant, asking("full")).await;
    assert!(!approved.refunds[0].by_card);
    assert_eq!(refusal(finance.send_refund(reviewing(&approved)).await), ["REFUND_NOT_BY_CARD"]);
    world.end().await;
}
