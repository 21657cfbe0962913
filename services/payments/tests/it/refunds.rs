//! Money that goes back to cards: called for once, believed only when the bank's own status shows it.

use chassis::testing::{Alone, Coverage, people};
use proto::{
    billing::v1::{OrderedRefundPart, RefundOrdered},
    payments::v1::{RefundExecuted, RefundFailed},
};
use serde_json::json;

use super::{
    NUMBER, TOTAL,
    bank::{Bank, Manner},
    client, invoice, start, started, tenge,
};

fn ordered(attempt_id: &str, parts: &[(&str, i64)]) -> RefundOrdered {
    let part = |(id, minor): &(&str, i64)| OrderedRefundPart {
        part_id: format!("0000000000{id:0>22}"),
        attempt_id: attempt_id.to_owned(),
        bank_operation_id: "op-1".to_owned(),
        amount: tenge(*minor),
    };
    RefundOrdered { application_number: NUMBER, refund_id: "doc_1".to_owned(), parts: parts.iter().map(part).collect() }
}

/// A charge of 10,000 that the portal knows of.
async fn charged(coverage: &Coverage) -> (Alone, Bank, String) {
    let (world, bank) = start(coverage, TOTAL).await;
    let id = started(&mut client(&world, people::applicant()), invoice(1)).await.attempt.unwrap().id;
    bank.says(&json!({}));
    world.pass_hours(1);
    world.step("inquire").await;
    (world, bank, id)
}

async fn work(world: &Alone) {
    while world.step("refund").await > 0 {}
}

async fn told(world: &Alone) -> (Vec<i64>, Vec<String>) {
    let executed = world.published::<RefundExecuted>().await;
    let failed = world.published::<RefundFailed>().await;
    let sums = executed.into_iter().map(|fact| fact.amount.unwrap().amount_minor).collect();
    (sums, failed.into_iter().map(|fact| fact.reason).collect())
}

pub async fn a_charge_goes_back_whole_or_in_parts_and_never_more(coverage: &Coverage) {
    let (world, bank, attempt) = charged(coverage).await;
    world.tell(NUMBER, 20, &ordered(&attempt, &[("a", TOTAL)])).await;
    work(&world).await;
    // All of it needs no sum. Heard again, the order does nothing.
    assert_eq!(bank.operations(), ["refund op-1 "]);
    world.tell(NUMBER, 21, &ordered(&attempt, &[("a", TOTAL)])).await;
    work(&world).await;
    assert_eq!((bank.operations().len(), told(&world).await), (1, (vec![TOTAL], Vec::new())));
    world.end().await;

    let (world, bank, attempt) = charged(coverage).await;
    world.tell(NUMBER, 20, &ordered(&attempt, &[("a", 300_000), ("b", 300_000), ("c", 500_000), ("d", 999)])).await;
    world.pass_hours(1);
    work(&world).await;
    world.pass_hours(1);
    work(&world).await;
    let (mut sums, failed) = told(&world).await;
    sums.sort_unstable();
    assert!(sums == [300_000, 300_000] || sums == [300_000, 500_000], "{sums:?}: what is left decides");
    assert_eq!(failed.len(), 2, "{failed:?}: one is too much, one too little");
    let calls = bank.operations();
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(calls[0].contains("amount=3000&externalID=") || calls[0].contains("amount=5000&externalID="), "{calls:?}");
    world.end().await;
}

pub async fn a_lost_answer_is_asked_for_and_a_lost_call_made_again(coverage: &Coverage) {
    let (world, bank, attempt) = charged(coverage).await;
    bank.takes_operations(Manner::LosesAnswer);
    world.tell(NUMBER, 20, &ordered(&attempt, &[("a", 400_000)])).await;
    work(&world).await;
    assert_eq!((bank.operations().len(), told(&world).await.0), (1, vec![400_000]), "asked, not doubled");
    bank.takes_operations(Manner::LosesCall);
    world.tell(NUMBER, 21, &ordered(&attempt, &[("b", 300_000)])).await;
    work(&world).await;
    assert_eq!(bank.operations().len(), 2, "it may still be carried out");
    // A bank that says nothing at all lets nothing be repeated.
    bank.is_down(true);
    world.pass_hours(2);
    work(&world).await;
    assert_eq!(bank.operations().len(), 2);
    bank.is_down(false);
    bank.takes_operations(Manner::Does);
    world.pass_hours(2);
    work(&world).await;
    assert_eq!((bank.operations().len(), told(&world).await), (3, (vec![400_000, 300_000], Vec::new())));
    let calls = bank.operations();
    assert_eq!(calls[1], calls[2], "under the same number");
    world.end().await;
}

pub async fn a_refund_that_fails_says_why(coverage: &Coverage) {
    let (world, bank, attempt) = charged(coverage).await;
    bank.takes_operations(Manner::Refuses);
    world.tell(NUMBER, 20, &ordered(&attempt, &[("a", 400_000)])).await;
    work(&world).await;
    bank.takes_operations(Manner::LosesCall);
    world.tell(NUMBER, 21, &ordered(&attempt, &[("b", 400_000)])).await;
    for _ in 0..8 {
        world.pass_hours(1);
        work(&world).await;
    }
    let stranger = "att_00000000000000000000000000000009";
    world.tell(NUMBER, 22, &ordered(stranger, &[("c", 400_000)])).await;
    work(&world).await;
    assert_eq!(told(&world).await, (Vec::new(), vec!["refused".into(), "silent".into(), "unknown_charge".into()]));
    assert_eq!(bank.operations().len(), 4, "once, three times, never");
    let (world, bank, attempt) = {
        world.end().await;
        charged(coverage).await
    };
    bank.says(&json!({ "statusName": "CANCEL" }));
    world.tell(NUMBER, 20, &ordered(&attempt, &[("a", 400_000)])).await;
    work(&world).await;
    assert_eq!(told(&world).await.1, ["not_charged"]);
    assert!(bank.operations().is_empty());
    world.end().await;
}
