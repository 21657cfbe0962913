//! The bank's answers as a table, and orders in which they may come.

#[path = "sequence_tests.rs"]
mod sequences;

use std::time::Duration;

use kernel::{AccountId, AttemptId, InvoiceId, Money, Time};

use super::*;
use crate::domain::{
    attempt::{Fact, Hold},
    state::{Move, State, next},
};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

fn periods() -> Periods {
    Periods {
        steps: vec![MINUTE, 5 * MINUTE],
        hourly: 60 * MINUTE,
        late: DAY,
        abandon: DAY,
        three_ds: 30 * MINUTE,
        watch: 3 * DAY,
        two_step: false,
    }
}

fn attempt() -> Attempt {
    let start = Time::from_micros(0);
    Attempt {
        id: AttemptId::from_uuid(uuid::Uuid::nil()),
        version: 1,
        invoice_id: InvoiceId::from_uuid(uuid::Uuid::nil()),
        application_number: 101,
        account: AccountId::from_uuid(uuid::Uuid::nil()),
        state: State::Redirected,
        amount: Money::kzt(1_000_000),
        bank_invoice_id: "100000001".to_owned(),
        terminal: "t-1".to_owned(),
        document_number: "P-O/2024/188".to_owned(),
        secret_hash: String::new(),
        decline: None,
        reason_code: String::new(),
        created_at: start,
        started_at: start,
        page_expires_at: start.plus(20 * MINUTE),
        closed_at: None,
        late_polls: 0,
        last_inquiry_at: start,
        next_inquiry_at: None,
        hold: Hold::default(),
    }
}

fn shown(status: &str, change: impl FnOnce(&mut Transaction)) -> BankAnswer {
    let mut transaction = Transaction {
        id: "op-1".to_owned(),
        status: status.to_owned(),
        invoice_id: "100000001".to_owned(),
        amount: Some(1_000_000),
        currency: "KZT".to_owned(),
        terminal_id: "t-1".to_owned(),
        reason_code: "00".to_owned(),
        ..Transaction::default()
    };
    change(&mut transaction);
    BankAnswer::Transaction(Box::new(transaction))
}

fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Charged(charge) => format!("charged {}", charge.amount.minor()),
        Verdict::Mismatched { kind, charged_minor, .. } => format!("mismatched {} {charged_minor}", kind.code()),
        Verdict::Failed { decline, .. } => format!("failed {}", decline.map_or("-", Decline::code)),
        Verdict::Held { order, .. } => format!("held, to {}", order.code()),
        Verdict::Reversed => "reversed".to_owned(),
        Verdict::Abandoned => "abandoned".to_owned(),
        Verdict::Untouched { late } => format!("untouched {late}"),
        Verdict::UnderWay => "under way".to_owned(),
        Verdict::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn the_banks_answers_as_a_table() {
    let reason = |code: &'static str| move |t: &mut Transaction| t.reason_code = code.to_owned();
    let none = |_: &mut Transaction| {};
    let early = Time::from_micros(0).plus(2 * MINUTE);
    let rows: Vec<(BankAnswer, &str)> = vec![
        (BankAnswer::Unknown, "unknown"),
        (BankAnswer::NotFound, "untouched false"),
        (shown("NEW", none), "untouched false"),
        (shown("3D", none), "under way"),
        (shown("FINGERPRINT", none), "under way"),
        (shown("AUTH", none), "under way"),
        (shown("VERIFIED", none), "under way"),
        (shown("SOMETHING", none), "under way"),
        (shown("CHARGE", none), "charged 1000000"),
        (shown("CHARGE", |t| t.invoice_id = "100000002".to_owned()), "unknown"),
        (shown("CHARGE", |t| t.amount = None), "unknown"),
        (shown("CHARGE", |t| t.amount = Some(999_900)), "mismatched amount 999900"),
        (shown("CHARGE", |t| t.currency = "USD".to_owned()), "mismatched currency 1000000"),
        (shown("CHARGE", |t| t.terminal_id = "t-2".to_owned()), "mismatched terminal 1000000"),
        (shown("CHARGE", |t| (t.amount, t.bonus) = (Some(900_000), Some(100_000))), "charged 1000000"),
        (shown("CHARGE", |t| (t.amount, t.original) = (Some(400_000), Some(1_000_000))), "charged 1000000"),
        (shown("CHARGE", |t| (t.amount, t.original) = (Some(1_000_000), Some(0))), "charged 1000000"),
        (shown("REFUND", |t| t.amount = Some(0)), "failed -"),
        (shown("REFUND", |t| t.amount = Some(400_000)), "mismatched amount 400000"),
        (shown("REJECT", reason("484")), "failed insufficient_funds"),
        (shown("FAILED", reason("497")), "failed system"),
        (shown("REJECT", reason("454")), "under way"),
        (shown("CANCEL", none), "failed -"),
        (shown("CANCEL_OLD", none), "failed -"),
    ];
    for (answer, expected) in rows {
        assert_eq!(word(&decide(&attempt(), &answer, Invoice::Payable, early, &periods())), expected, "{answer:?}");
    }
    let charge = shown("CHARGE", none);
    assert_eq!(word(&decide(&attempt(), &charge, Invoice::Void, early, &periods())), "mismatched not_payable 1000000");
    assert_eq!(
        word(&decide(&attempt(), &charge, Invoice::Charged, early, &periods())),
        "mismatched second_charge 1000000"
    );
    let later = Time::from_micros(0).plus(31 * MINUTE);
    assert_eq!(word(&decide(&attempt(), &shown("3D", none), Invoice::Payable, later, &periods())), "failed three_ds");
}

#[test]
fn what_was_never_opened_is_abandoned_after_two_late_looks() {
    let (mut attempt, periods) = (attempt(), periods());
    let mut now = Time::from_micros(0);
    let mut looks = 0;
    while attempt.state.is_live() {
        let verdict = decide(&attempt, &BankAnswer::NotFound, Invoice::Payable, now, &periods);
        let _ = attempt.apply(&verdict, now, &periods);
        looks += u32::from(now >= periods.deadline(&attempt));
        now = attempt.next_inquiry_at.unwrap();
    }
    assert_eq!((attempt.state, looks), (State::Abandoned, 2));
}

/// All orders of all answers end in the charge, if there is one, and tell of it once.
#[test]
fn a_charge_wins_in_whatever_order_the_answers_come() {
    let answers = [
        BankAnswer::Unknown,
        BankAnswer::NotFound,
        shown("REJECT", |t| t.reason_code = "484".to_owned()),
        shown("CHARGE", |_| {}),
        shown("CHARGE", |_| {}),
        shown("CANCEL", |_| {}),
    ];
    let mut orders = vec![Vec::new()];
    for index in 0..answers.len() {
        orders = orders
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).map(move |place| {
                    let mut longer = order.clone();
                    longer.insert(place, index);
                    longer
                })
            })
            .collect();
    }
    for order in orders {
        let (mut attempt, now) = (attempt(), Time::from_micros(0).plus(DAY));
        let mut charges = 0;
        for index in &order {
            let verdict = decide(&attempt, &answers[*index], Invoice::Payable, now, &periods());
            charges += u32::from(matches!(attempt.apply(&verdict, now, &periods()), Some(Fact::Charged(_))));
        }
        assert_eq!((attempt.state, charges), (State::Charged, 1), "{order:?}");
        assert_eq!(next(attempt.state, Move::Fail), None);
    }
}

#[test]
fn a_hold_is_taken_where_all_agrees_and_let_go_else() {
    let two = Periods { two_step: true, ..periods() };
    let none = |_: &mut Transaction| {};
    let now = Time::from_micros(0).plus(2 * MINUTE);
    let rows: Vec<(BankAnswer, Invoice, &str)> = vec![
        (shown("AUTH", none), Invoice::Payable, "held, to charge"),
        (shown("AUTH", none), Invoice::Void, "held, to release"),
        (shown("AUTH", none), Invoice::Charged, "held, to release"),
        (shown("AUTH", |t| t.amount = Some(500_000)), Invoice::Payable, "held, to release"),
        (shown("AUTH", |t| t.currency = "USD".to_owned()), Invoice::Payable, "held, to release"),
        (shown("AUTH", |t| t.terminal_id = "t-2".to_owned()), Invoice::Payable, "held, to release"),
        (shown("AUTH", |t| t.amount = None), Invoice::Payable, "unknown"),
    ];
    for (answer, invoice, expected) in rows {
        assert_eq!(word(&decide(&attempt(), &answer, invoice, now, &two)), expected, "{answer:?}");
    }
    let mut attempt = attempt();
    let _ = attempt.apply(&decide(&attempt, &shown("AUTH", none), Invoice::Void, now, &two), now, &two);
    assert_eq!(attempt.state, State::Authorised);
    // What was to be let go is never taken, whatever is known of the invoice later.
    assert_eq!(word(&decide(&attempt, &shown("AUTH", none), Invoice::Payable, now, &two)), "held, to release");
    assert_eq!(word(&decide(&attempt, &shown("CANCEL", none), Invoice::Void, now, &two)), "reversed");
}

/// A bank that holds first, loses calls and answers, and a payer who is slow: the sum is taken once or let go, and what is
/// told in the end is what the bank did.
#[test]
fn a_held_sum_is_taken_or_let_go_whatever_is_lost() {
    let two = Periods { two_step: true, ..periods() };
    let mut chance = 5_u64;
    let mut draw = |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    for run in 0..3_000 {
        let (mut attempt, mut bank, mut facts) = (attempt(), "AUTH", Vec::new());
        let sum = if draw(4) == 0 { 500_000 } else { 1_000_000 };
        let void_at = if draw(3) == 0 { draw(200) } else { u64::MAX };
        let mut minute = 0;
        while attempt.closed_at.is_none() && minute < 5_000 {
            let now = Time::from_micros(0).plus(Duration::from_mins(minute));
            let invoice = if minute >= void_at { Invoice::Void } else { Invoice::Payable };
            let answer = if draw(3) == 0 {
                BankAnswer::Unknown
            } else {
                shown(bank, |transaction| transaction.amount = Some(sum))
            };
            let verdict = decide(&attempt, &answer, invoice, now, &two);
            facts.extend(attempt.apply(&verdict, now, &two));
            if matches!(verdict, Verdict::Held { .. })
                && let Some(order) = attempt.claim_hold(now)
                && draw(3) > 0
                && bank == "AUTH"
            {
                bank = if order == HoldOrder::Charge { "CHARGE" } else { "CANCEL" };
            }
            minute += 1;
        }
        let told = match (attempt.state, facts.as_slice()) {
            (State::Charged, [Fact::Charged(_)]) | (State::Mismatched, [Fact::Mismatched { .. }]) => "CHARGE",
            (State::Reversed, [Fact::Closed { outcome: "reversed", .. }]) => "CANCEL",
            _ => "nothing clear",
        };
        assert_eq!(told, bank, "run {run}: {attempt:?} {facts:?}");
        assert!(sum == 1_000_000 || bank == "CANCEL", "run {run}: another sum is never taken");
    }
}
