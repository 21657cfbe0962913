//! Calls between services: each hop has what is left of the time, and a server gives up what nobody waits for.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use chassis::{
    dial::{self, CallContext},
    testing::{Alone, Caller, people, until::until},
};
use futures::future::join_all;
use proto::{
    identity::v1::{Contact, GetContactRequest},
    participants::v1::{ListParticipantsRequest, LookUpParticipantRequest, participants_client::ParticipantsClient},
};
use tonic::Code;

use crate::registry::{GATE, start};

/// Kept back at each hop for the answer's way home.
const MARGIN: Duration = Duration::from_millis(50);

fn client(world: &Alone) -> ParticipantsClient<Caller> {
    ParticipantsClient::new(world.by(people::admin()))
}

/// A request that is granted this much time.
#[expect(clippy::disallowed_methods, reason = "deadlines are measured by the monotonic clock")]
fn within<T>(time: Duration, message: T) -> tonic::Request<T> {
    dial::request(message, &CallContext { deadline: Instant::now() + time, ..CallContext::new(None) })
}

/// gRPC's text of a time.
fn time(text: &str) -> Duration {
    let (digits, unit) = text.split_at(text.len() - 1);
    let number: u64 = digits.parse().unwrap();
    match unit {
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => panic!("{text} is no time that we would send"),
    }
}

#[tokio::test]
async fn each_hop_has_what_is_left_of_the_time_less_a_margin() {
    let world = start().await;
    world.fakes.on("identity.Identity/GetContact", |_: GetContactRequest| Ok(Contact::default()));
    let granted = Duration::from_secs(5);
    client(&world).look_up_participant(within(granted, LookUpParticipantRequest::default())).await.unwrap();
    // Two hops, each of which keeps a margin back.
    let seen = time(&world.fakes.calls("GetContact")[0].timeout);
    assert!(seen + MARGIN * 2 <= granted && seen > Duration::ZERO, "{seen:?}");
    // A caller that said nothing is granted the usual time, and says so to the next.
    client(&world).look_up_participant(LookUpParticipantRequest::default()).await.unwrap();
    let usual = time(&world.fakes.calls("GetContact")[1].timeout);
    assert!(usual + MARGIN <= dial::DEADLINE && usual > granted, "{usual:?}");
    world.end().await;
}

#[tokio::test]
async fn a_service_that_never_answers_is_given_up_on_both_sides() {
    let world = start().await;
    world.fakes.hang("identity.Identity/GetContact");
    let call = within(Duration::from_secs(2), LookUpParticipantRequest::default());
    let refused = client(&world).look_up_participant(call).await.unwrap_err();
    assert!(matches!(refused.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled), "{refused:?}");
    until("the hanging call's end", async || world.fakes.given_up("GetContact"), |given_up| *given_up == 1).await;
    world.end().await;
}

/// Waits until so many calls are inside.
async fn inside(count: usize) -> usize {
    until("calls inside", async || GATE.inside.load(Ordering::SeqCst), |inside| *inside == count).await
}

/// So many calls one connection carries at once, as the server says it.
const STREAMS_MAX: usize = 256;

#[tokio::test]
async fn one_connection_carries_only_so_many_calls_at_once() {
    let world = start().await;
    // A caller that goes away is waited for no longer.
    let mut hasty = client(&world);
    tokio::select! {
        _ = hasty.list_participants(ListParticipantsRequest::default()) => panic!("nobody has let it pass"),
        _ = inside(1) => {}
    }
    inside(0).await;
    assert_eq!(GATE.given_up.load(Ordering::SeqCst), 1);

    let calls = (0..STREAMS_MAX + 50).map(|_| {
        let mut client = client(&world);
        async move { client.list_participants(ListParticipantsRequest::default()).await }
    });
    let full = async {
        inside(STREAMS_MAX).await;
        GATE.open.add_permits(STREAMS_MAX + 50);
    };
    let (answers, ()) = tokio::join!(join_all(calls), full);
    assert!(answers.iter().all(Result::is_ok), "whoever waited got his turn");
    assert_eq!(GATE.most.load(Ordering::SeqCst), STREAMS_MAX);
    world.end().await;
}
