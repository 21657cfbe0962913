//! Callbacks, status answers, sweeps and browsers that come back, in any order, late, twice and in vain: each only makes the
//! bank be asked, an answer may be old when it is applied, and what is told in the end is what the bank's own log says.

use super::*;

const RUNS: u32 = 10_000;
/// Long enough for every look that an attempt gets.
const LAST_MINUTE: u64 = 60 * 24 * 60;

/// One order at the bank: what it shows from which minute on, and what it took.
struct Order {
    shows: Vec<(u64, BankAnswer)>,
    took: Option<i64>,
}

impl Order {
    fn draw(draw: &mut impl FnMut(u64) -> u64) -> Self {
        let mut order = Self { shows: Vec::new(), took: None };
        let mut minute = draw(20);
        if draw(8) == 0 {
            // Nobody opens the page.
            return order;
        }
        order.show(minute, shown("NEW", |_| {}));
        minute += draw(10);
        match draw(5) {
            0 => order.show(minute, shown("3D", |_| {})),
            1 => {
                order.show(minute, declined("454"));
                minute += 1 + draw(60);
                if draw(2) == 0 {
                    order.show(minute, declined("484"));
                } else {
                    order.charge(minute, draw);
                }
            }
            2 => {
                order.show(minute, declined("484"));
                if draw(2) == 0 {
                    // The payer tries again on a page that was left open.
                    order.charge(minute + 1 + draw(60 * 36), draw);
                }
            }
            _ => order.charge(minute, draw),
        }
        order
    }

    fn show(&mut self, minute: u64, answer: BankAnswer) {
        self.shows.push((minute, answer));
    }

    fn charge(&mut self, minute: u64, draw: &mut impl FnMut(u64) -> u64) {
        let minor = if draw(8) == 0 { 500_000 } else { 1_000_000 };
        self.took = Some(minor);
        self.show(minute, shown("CHARGE", |transaction| transaction.amount = Some(minor)));
    }

    fn says(&self, minute: u64) -> BankAnswer {
        let shown = self.shows.iter().rev().find(|(since, _)| *since <= minute);
        shown.map_or(BankAnswer::NotFound, |(_, answer)| answer.clone())
    }
}

fn declined(reason: &'static str) -> BankAnswer {
    shown("REJECT", |transaction| transaction.reason_code = reason.to_owned())
}

fn minute_of(time: Time) -> u64 {
    time.since(Time::from_micros(0)).as_secs() / 60
}

#[test]
fn ten_thousand_sequences_end_in_what_the_banks_log_says() {
    let mut chance = 11_u64;
    let mut draw = |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    let periods = periods();
    for run in 0..RUNS {
        let order = Order::draw(&mut draw);
        let (mut attempt, mut facts) = (attempt(), Vec::new());
        let mut heard = |attempt: &mut Attempt, answer: &BankAnswer, minute: u64| {
            let now = Time::from_micros(0).plus(Duration::from_mins(minute));
            let verdict = decide(attempt, answer, Invoice::Payable, now, &periods);
            facts.extend(attempt.apply(&verdict, now, &periods));
        };
        let mut events: Vec<u64> = (0..draw(12)).map(|_| draw(60 * 24 * 3)).collect();
        events.sort_unstable();
        for minute in events {
            let answer = match draw(4) {
                0 => BankAnswer::Unknown,
                1 => order.says(minute.saturating_sub(draw(120))),
                _ => order.says(minute),
            };
            for _ in 0..=draw(2) {
                heard(&mut attempt, &answer, minute);
            }
        }
        let mut minute = 1;
        while minute < LAST_MINUTE {
            let due = match attempt.next_inquiry_at {
                Some(at) => minute_of(at).max(minute),
                None if attempt.closed_at.is_none() => minute,
                None => break,
            };
            let silent = draw(3) == 0 && attempt.closed_at.is_none();
            let answer = if silent { BankAnswer::Unknown } else { order.says(due) };
            heard(&mut attempt, &answer, due);
            minute = due + 1;
        }
        let money: Vec<i64> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Charged(charge) => Some(charge.amount.minor()),
                Fact::Mismatched { charged_minor, .. } => Some(*charged_minor),
                Fact::Closed { .. } => None,
            })
            .collect();
        assert_eq!(money, Vec::from_iter(order.took), "run {run}: {attempt:?} {facts:?} {:?}", order.shows);
        let expected: &[State] = match order.took {
            Some(1_000_000) => &[State::Charged],
            Some(_) => &[State::Mismatched],
            None => &[State::Failed, State::Abandoned],
        };
        assert!(expected.contains(&attempt.state), "run {run}: {attempt:?} {:?}", order.shows);
    }
}
