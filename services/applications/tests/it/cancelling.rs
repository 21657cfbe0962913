//! Giving up, and ending by staff; money that has come is never dropped this way.

use chassis::testing::{Alone, Coverage, people, refusal, refuse};
use proto::{
    applications::v1::{Application, ApplicationCancelled, CancelApplicationRequest, State},
    billing::v1::{HoldForCancellationRequest, HoldForCancellationResponse},
};
use tonic::Status;

use super::{
    Client, client, paid, seen, start,
    steps::{approved, awaited, filled, in_review},
};

const HOLD: &str = "billing.Billing/HoldForCancellation";

fn cancelling(of: &Application, reason: &str) -> CancelApplicationRequest {
    CancelApplicationRequest { number: of.number, version: of.version, reason: reason.to_owned() }
}

async fn cancelled(client: &mut Client, of: &Application, reason: &str) -> Application {
    client.cancel_application(cancelling(of, reason)).await.unwrap().into_inner()
}

pub async fn an_applicant_gives_up(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let draft = filled(&mut applicant, 1).await;
    let stranger = client(&world, people::stranger()).cancel_application(cancelling(&draft, "")).await;
    assert_eq!(refusal(stranger), ["NOT_FOUND"]);
    let gone = cancelled(&mut applicant, &draft, "").await;
    assert_eq!(gone.state(), State::Cancelled);
    assert_eq!(cancelled(&mut applicant, &gone, "").await.version, gone.version, "the same again is nothing");
    let told = world.published::<ApplicationCancelled>().await;
    assert_eq!((told.len(), told[0].by_staff), (1, false));
    assert!(world.fakes.calls("HoldForCancellation").is_empty(), "there is nothing to pay yet");
    let reviewed = in_review(&world, 1).await;
    let mut manager = client(&world, people::manager());
    let silent = manager.cancel_application(cancelling(&reviewed, "")).await;
    assert_eq!(refusal(silent), ["REASON_MISSING at reason"]);
    cancelled(&mut manager, &reviewed, "asked by phone").await;
    assert!(world.published::<ApplicationCancelled>().await[1].by_staff);
    world.end().await;
}

fn billing_answers(world: &Alone, answer: fn() -> Result<HoldForCancellationResponse, Status>) {
    world.fakes.on(HOLD, move |_: HoldForCancellationRequest| answer());
}

pub async fn money_is_never_dropped(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let number = approved(&world, 1).await.number;
    let found = seen(&mut applicant, number).await;
    billing_answers(&world, || Err(refuse("PAYMENT_UNDER_WAY", &[])));
    assert_eq!(refusal(applicant.cancel_application(cancelling(&found, "")).await), ["PAYMENT_UNDER_WAY"]);
    billing_answers(&world, || Err(refuse("MONEY_RECEIVED", &[])));
    assert_eq!(refusal(applicant.cancel_application(cancelling(&found, "")).await), ["MONEY_RECEIVED"]);
    billing_answers(&world, || Err(Status::unavailable("away")));
    assert_eq!(refusal(applicant.cancel_application(cancelling(&found, "")).await), ["UNAVAILABLE"]);
    // What billing told meanwhile counts, even if it let the cancellation pass.
    billing_answers(&world, || Ok(HoldForCancellationResponse {}));
    world.tell(number, 2, &paid(number, "pending")).await;
    let pending = seen(&mut applicant, number).await;
    assert_eq!(refusal(applicant.cancel_application(cancelling(&pending, "")).await), ["PAYMENT_UNDER_WAY"]);
    world.tell(number, 3, &paid(number, "not_paid")).await;
    let unpaid = seen(&mut applicant, number).await;
    assert_eq!(cancelled(&mut applicant, &unpaid, "").await.state(), State::Cancelled);
    let calls = world.fakes.calls("HoldForCancellation");
    assert!(calls.iter().all(|call| !call.authorization.is_empty() && !call.timeout.is_empty()), "{calls:?}");

    let settled = awaited(&world, 1).await;
    let mine = seen(&mut applicant, settled.number).await;
    // What has been paid is billing's to give back.
    assert_eq!(cancelled(&mut applicant, &mine, "").await.state(), State::Cancelled);
    world.end().await;
}
