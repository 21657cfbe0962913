//! A refund against a bank that loses calls and answers: never more goes back than was ordered, and what is told is true.

use super::*;

fn terms() -> Terms {
    Terms { part_min: 1_000, settle: Duration::from_mins(15), calls_max: 3 }
}

fn refund(amount: i64) -> Refund {
    let start = Time::from_micros(0);
    Refund {
        id: "part".to_owned(),
        version: 1,
        refund_id: "doc_1".to_owned(),
        attempt: None,
        application_number: 101,
        operation: "op-1".to_owned(),
        amount: Money::kzt(amount),
        state: RefundState::Ordered,
        failure: None,
        bank_code: String::new(),
        returned_before: 0,
        called_at: None,
        heard: Heard::Nothing,
        calls: 0,
        created_at: start,
        closed_at: None,
        next_at: Some(start),
    }
}

fn shown(original: i64, back: i64, change: impl FnOnce(&mut Transaction)) -> BankAnswer {
    let mut transaction = Transaction {
        id: "op-1".to_owned(),
        status: if back == original { "REFUND" } else { "CHARGE" }.to_owned(),
        invoice_id: "100000001".to_owned(),
        amount: Some(original - back),
        original: Some(original),
        returned: Some(back),
        currency: "KZT".to_owned(),
        ..Transaction::default()
    };
    change(&mut transaction);
    BankAnswer::Transaction(Box::new(transaction))
}

fn decided(refund: &Refund, answer: &BankAnswer, minutes: u64) -> Next {
    refund.decide("100000001", answer, Time::from_micros(0).plus(Duration::from_mins(minutes)), &terms())
}

#[test]
fn the_first_look_as_a_table() {
    let none = |_: &mut Transaction| {};
    let rows = [
        (10_000, shown(10_000, 0, none), Next::Call(Call::Whole)),
        (4_000, shown(10_000, 0, none), Next::Call(Call::Part)),
        (4_000, shown(10_000, 6_000, none), Next::Call(Call::Part)),
        (4_000, shown(10_000, 6_000, |t| t.status = "REFUND".to_owned()), Next::Call(Call::Part)),
        (4_001, shown(10_000, 6_000, none), Next::Fail(Failure::TooMuch)),
        (999, shown(10_000, 0, none), Next::Fail(Failure::TooLittle)),
        (999, shown(999, 0, none), Next::Call(Call::Whole)),
        (10_000, shown(9_000, 0, |t| t.bonus = Some(1_000)), Next::Call(Call::Whole)),
        (4_000, shown(10_000, 0, |t| t.status = "AUTH".to_owned()), Next::Fail(Failure::NotCharged)),
        (4_000, shown(10_000, 0, |t| t.id = "op-2".to_owned()), Next::Fail(Failure::NotCharged)),
        (4_000, shown(10_000, 0, |t| t.currency = "USD".to_owned()), Next::Fail(Failure::NotCharged)),
        (4_000, shown(10_000, 0, |t| t.invoice_id = "100000002".to_owned()), Next::Wait),
        (4_000, shown(10_000, 6_000, |t| t.returned = None), Next::Call(Call::Part)),
        (4_001, shown(10_000, 6_000, |t| t.returned = None), Next::Fail(Failure::TooMuch)),
        (4_000, shown(10_000, 0, |t| (t.original, t.amount, t.returned) = (None, None, None)), Next::Wait),
        (4_000, BankAnswer::NotFound, Next::Fail(Failure::NotCharged)),
        (4_000, BankAnswer::Unknown, Next::Wait),
    ];
    for (amount, answer, expected) in rows {
        assert_eq!(decided(&refund(amount), &answer, 0), expected, "{amount} {answer:?}");
    }
}

#[test]
fn after_the_call_as_a_table() {
    let none = |_: &mut Transaction| {};
    let called = |heard: Heard, calls: u32| {
        let mut refund = refund(4_000);
        refund.call(&shown(10_000, 1_000, none), Time::from_micros(0));
        Refund { heard, calls, ..refund }
    };
    let rows = [
        (Heard::Nothing, 1, shown(10_000, 5_000, none), 0, Next::Done),
        (Heard::Refused, 1, shown(10_000, 5_000, none), 0, Next::Done),
        (Heard::Nothing, 1, shown(10_000, 1_000, none), 14, Next::Wait),
        (Heard::Nothing, 1, shown(10_000, 1_000, none), 15, Next::Call(Call::Part)),
        (Heard::Nothing, 3, shown(10_000, 1_000, none), 15, Next::Fail(Failure::Silent)),
        (Heard::Accepted, 1, shown(10_000, 1_000, none), 10_000, Next::Wait),
        (Heard::Refused, 1, shown(10_000, 1_000, none), 0, Next::Fail(Failure::Refused)),
        (Heard::Nothing, 1, shown(10_000, 3_000, none), 0, Next::Fail(Failure::Unclear)),
        (Heard::Nothing, 1, BankAnswer::NotFound, 60, Next::Wait),
        (Heard::Nothing, 1, BankAnswer::Unknown, 60, Next::Wait),
    ];
    for (heard, calls, answer, minutes, expected) in rows {
        assert_eq!(decided(&called(heard, calls), &answer, minutes), expected, "{heard:?} {calls} {answer:?}");
    }
}

/// The bank loses calls, answers, or carries a call out late, within the time that is waited for: what was ordered goes
/// back once or not at all, and which of both is told.
#[test]
fn however_calls_are_lost_nothing_goes_back_twice() {
    let mut chance = 11_u64;
    let mut draw = |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    for run in 0..5_000 {
        let original = 10_000;
        let mut refund = refund(if draw(2) == 0 { original } else { 4_000 });
        let (mut back, mut late) = (0_i64, None);
        let mut minute = 0;
        while refund.closed_at.is_none() && minute < 10_000 {
            if late.is_some_and(|at| at <= minute) {
                back += refund.amount.minor();
                late = None;
            }
            let now = Time::from_micros(0).plus(Duration::from_mins(minute));
            let answer = if draw(4) == 0 { BankAnswer::Unknown } else { shown(original, back, |_| {}) };
            match refund.decide("100000001", &answer, now, &terms()) {
                Next::Call(_) => {
                    refund.call(&answer, now);
                    match draw(5) {
                        // Lost on its way there.
                        0 => {}
                        // Done, and the answer is lost; or done late.
                        1 => back += refund.amount.minor(),
                        2 => late = Some(minute + draw(14)),
                        3 => refund.heard = Heard::Refused,
                        _ => {
                            back += refund.amount.minor();
                            refund.heard = Heard::Accepted;
                        }
                    }
                }
                Next::Done => refund.close(None, now),
                Next::Fail(failure) => refund.close(Some(failure), now),
                Next::Wait => refund.wait(now),
            }
            minute += 1 + draw(5);
        }
        let told = if refund.state == RefundState::Done { refund.amount.minor() } else { 0 };
        assert_eq!(back, told, "run {run}: {refund:?}");
        assert!(refund.closed_at.is_some() && late.is_none(), "run {run}: it ends");
    }
}
