//! A bank that is silent, slow, wrong or says things twice: each payer is charged once, what was charged is known in the
//! end, and nothing is paid that the bank did not take.

use sandbox_bank::{Fault, FaultKind, Point, PostLink, Scenario, Status};
use serde_json::{Value, json};
use testkit::World;

use super::{client, hasty, prove};

fn fault(at: Point, kind: FaultKind, times: u32, after: bool) -> Fault {
    Fault { at, kind, times, delay_ms: 700, after }
}

/// A bank's bad days, with what is wrong with each.
fn bad_days() -> [(&'static str, Scenario); 4] {
    use FaultKind as F;
    [
        (
            "silent",
            Scenario {
                post_link: PostLink::Lost,
                faults: vec![
                    fault(Point::Token, F::Hang, 1, false),
                    fault(Point::Invoice, F::Hang, 1, true),
                    fault(Point::Status, F::Hang, 2, false),
                ],
                ..Scenario::default()
            },
        ),
        (
            "slow",
            Scenario {
                post_link_delay_ms: 2_000,
                faults: [Point::Token, Point::Invoice, Point::Status].map(|at| fault(at, F::Slow, 3, false)).to_vec(),
                ..Scenario::default()
            },
        ),
        (
            "wrong",
            Scenario {
                post_link: PostLink::WrongAmount,
                faults: vec![
                    fault(Point::Token, F::Http500, 1, false),
                    fault(Point::Token, F::Truncated, 1, false),
                    fault(Point::Status, F::Truncated, 1, false),
                    fault(Point::Status, F::Unauthorized, 1, false),
                    fault(Point::Status, F::Busy, 1, false),
                    fault(Point::Status, F::Http500, 1, false),
                ],
                ..Scenario::default()
            },
        ),
        ("twice", Scenario { post_link: PostLink::Doubled, ..Scenario::default() }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_on_its_bad_days_charges_once_and_is_believed_only_when_asked() {
    let mut settings: Vec<(&str, Value)> = hasty();
    settings.push(("payments.call_seconds", json!(1)));
    settings.push(("payments.inquiry.spacing_seconds", json!(1)));
    let mut world = World::start_separate(&settings, &[]).await;
    for (day, scenario) in bad_days() {
        println!("the bank is {day}");
        world.dev().bank().set_scenario(scenario).unwrap();
        client(&world).walk().await;
    }
    world.dev().bank().set_scenario(Scenario::default()).unwrap();
    let charged =
        world.dev().bank().transactions().iter().filter(|transaction| transaction.status == Status::Charge).count();
    assert_eq!(charged, bad_days().len(), "each journey is charged once");
    prove(world).await;
}
