//! A key makes a command have one effect and one answer, however often it comes.

use chassis::testing::{Alone, people, refusal};
use futures::future::join_all;
use kernel::Actor;
use proto::participants::v1::{ImportParticipantsRequest, Participant, participants_client::ParticipantsClient};

use crate::registry::{start, value};

fn rows(count: usize) -> ImportParticipantsRequest {
    ImportParticipantsRequest { rows: vec![Participant::default(); count], ..Default::default() }
}

fn keyed(world: &Alone, actor: Actor, key: &str) -> ParticipantsClient<chassis::testing::Caller> {
    ParticipantsClient::new(world.by(actor).with_key(key))
}

async fn effects(world: &Alone) -> i64 {
    value(world.context.db.read(), "rows").await.unwrap_or(0)
}

#[tokio::test]
async fn fifty_at_once_under_one_key_have_one_effect_and_one_answer() {
    let world = start().await;
    let calls = (0..50).map(|_| {
        let mut client = keyed(&world, people::admin(), "0190-1");
        async move { client.import_participants(rows(3)).await.unwrap().into_inner() }
    });
    let answers = join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.added == 1), "{answers:?}");
    assert_eq!(effects(&world).await, 1);
    // Without a key each is a command of its own.
    let mut client = ParticipantsClient::new(world.by(people::admin()));
    assert_eq!(client.import_participants(rows(3)).await.unwrap().into_inner().added, 2);
    world.end().await;
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let world = start().await;
    let mut admin = keyed(&world, people::admin(), "0190-1");
    admin.import_participants(rows(1)).await.unwrap();
    assert_eq!(refusal(admin.import_participants(rows(2)).await), ["IDEMPOTENCY_KEY_REUSED"]);
    // Somebody else's key of the same text is another key: he gets no answer of the first one's.
    let mut other = keyed(&world, people::supervisor(), "0190-1");
    assert_eq!(other.import_participants(rows(1)).await.unwrap().into_inner().added, 2);
    let mut long = keyed(&world, people::admin(), &"k".repeat(201));
    assert_eq!(refusal(long.import_participants(rows(1)).await), ["MALFORMED"]);
    world.end().await;
}

#[tokio::test]
async fn a_refusal_is_not_kept_and_an_answer_not_for_ever() {
    let world = start().await;
    let mut admin = keyed(&world, people::admin(), "0190-1");
    assert_eq!(refusal(admin.import_participants(rows(0)).await), ["INPUT_INVALID at rows"]);
    // The input was corrected: the key was never used up.
    assert_eq!(admin.import_participants(rows(1)).await.unwrap().into_inner().added, 1);
    world.pass_hours(23);
    assert_eq!(world.context.forget_answers().await.unwrap(), 0);
    assert_eq!(admin.import_participants(rows(1)).await.unwrap().into_inner().added, 1);
    world.pass_hours(2);
    assert_eq!(world.context.forget_answers().await.unwrap(), 1);
    assert_eq!(admin.import_participants(rows(1)).await.unwrap().into_inner().added, 2);
    world.end().await;
}
