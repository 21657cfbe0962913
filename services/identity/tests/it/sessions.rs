//! Sessions, guessing, and tokens as other services check them.

use std::{sync::Arc, time::Duration};

use chassis::{
    Error,
    auth::{Auth, KeySource},
    testing::{Alone, Coverage, refusal},
};
use identity::Identity;
use kernel::Actor;
use proto::identity::v1::{
    CloseAccountRequest, EndOtherSessionsRequest, EndSessionRequest, ExchangeSessionRequest, GetKeysRequest,
    ListSessionsRequest, RefreshTokenRequest, SignOutRequest,
};
use tonic::metadata::MetadataMap;

use super::{PASSWORD, client, owner, signed_up, signing_in, start};

const EMAIL: &str = "aigerim@example.org";

fn exchanging(session: &str) -> ExchangeSessionRequest {
    ExchangeSessionRequest { session: session.to_owned() }
}

pub async fn a_session_is_exchanged_until_it_ends(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let first = signed_up(&mut nobody, EMAIL).await.session;
    let second = nobody.sign_in(signing_in(EMAIL, PASSWORD, "192.0.2.1")).await.unwrap().into_inner().session;
    assert_ne!(first, second);
    let answer = nobody.exchange_session(exchanging(&first)).await.unwrap().into_inner();
    assert_eq!((answer.expires_in_seconds, answer.account.unwrap().email.as_str()), (60, EMAIL));
    // Signing out ends the one session; what is unknown is no error.
    for _ in 0..2 {
        nobody.sign_out(SignOutRequest { session: first.clone() }).await.unwrap();
    }
    assert_eq!(refusal(nobody.exchange_session(exchanging(&first)).await), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(nobody.exchange_session(exchanging("")).await), ["NOT_SIGNED_IN"]);
    // Used every few hours it lives, but for a week at most.
    for _ in 0..15 {
        world.pass_hours(11);
        nobody.exchange_session(exchanging(&second)).await.unwrap();
    }
    world.pass_hours(4);
    assert_eq!(refusal(nobody.exchange_session(exchanging(&second)).await), ["NOT_SIGNED_IN"]);
    // Unused it ends sooner.
    let third = nobody.sign_in(signing_in(EMAIL, PASSWORD, "")).await.unwrap().into_inner().session;
    world.pass_hours(13);
    assert_eq!(refusal(nobody.exchange_session(exchanging(&third)).await), ["NOT_SIGNED_IN"]);
    world.end().await;
}

pub async fn guessing_is_slowed_and_tells_nothing(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    signed_up(&mut nobody, EMAIL).await;
    let gone = "gone@example.org";
    let closes = owner(&signed_up(&mut nobody, gone).await);
    client(&world, closes).close_account(CloseAccountRequest { password: PASSWORD.to_owned() }).await.unwrap();
    assert_eq!(refusal(nobody.sign_in(signing_in(gone, PASSWORD, "")).await), ["CREDENTIALS_WRONG"]);
    world.clock.advance(Duration::from_hours(1));
    for email in [EMAIL, "nobody@example.org", gone] {
        for n in 0..5 {
            let wrong = nobody.sign_in(signing_in(email, "a wrong one", &format!("192.0.2.{n}"))).await;
            assert_eq!(refusal(wrong), ["CREDENTIALS_WRONG"]);
        }
        // Slowed, the right password is not even looked at.
        let slowed = nobody.sign_in(signing_in(email, PASSWORD, "198.51.100.1")).await;
        assert_eq!(refusal(slowed), ["SIGN_IN_SLOWED"]);
    }
    world.clock.advance(Duration::from_secs(301));
    nobody.sign_in(signing_in(EMAIL, PASSWORD, "198.51.100.1")).await.unwrap();
    // One address that tries many accounts is slowed as well.
    for n in 0..5 {
        let email = format!("person{n}@example.org");
        assert_eq!(refusal(nobody.sign_in(signing_in(&email, "x", "203.0.113.9")).await), ["CREDENTIALS_WRONG"]);
    }
    let other = nobody.sign_in(signing_in(EMAIL, PASSWORD, "203.0.113.9")).await;
    assert_eq!(refusal(other), ["SIGN_IN_SLOWED"]);
    nobody.sign_in(signing_in(EMAIL, PASSWORD, "198.51.100.1")).await.unwrap();
    world.end().await;
}

/// Would have found: a stranger's session ended, one's own ended by mistake, whole addresses on a page.
pub async fn sessions_are_known_again_and_ended(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let first = signed_up(&mut nobody, EMAIL).await;
    world.clock.advance(Duration::from_mins(1));
    let second = nobody.sign_in(signing_in(EMAIL, PASSWORD, "2001:db8:1:2::7")).await.unwrap().into_inner();
    world.clock.advance(Duration::from_mins(1));
    nobody.sign_in(signing_in(EMAIL, PASSWORD, "")).await.unwrap();
    let pair = nobody.create_token(signing_in(EMAIL, PASSWORD, "")).await.unwrap().into_inner();
    let person = owner(&first);
    let list = async |actor: Actor| {
        client(&world, actor).list_sessions(ListSessionsRequest {}).await.unwrap().into_inner().sessions
    };
    let seen = list(person.clone()).await;
    let shown: Vec<_> = seen.iter().map(|one| (one.device.as_str(), one.address.as_str())).collect();
    assert_eq!(shown, [("Chrome, Android", ""), ("Chrome, Android", "2001:db8:*"), ("Firefox, Linux", "192.0.*.*")]);
    let Actor::User { account, roles, .. } = person.clone() else { panic!("a person") };
    let here = Actor::User { account, roles, session: Some(seen[2].id.clone()) };
    assert!(list(here.clone()).await[2].current);
    let ending = |id: &str| EndSessionRequest { session_id: id.to_owned() };
    let mut own = client(&world, here.clone());
    for _ in 0..2 {
        let strangers = client(&world, chassis::testing::people::stranger()).end_session(ending(&seen[1].id)).await;
        assert_eq!(refusal(strangers), ["NOT_FOUND"]);
    }
    own.end_session(ending(&seen[1].id)).await.unwrap();
    assert_eq!(refusal(own.end_session(ending(&seen[1].id)).await), ["NOT_FOUND"]);
    assert_eq!(refusal(nobody.exchange_session(exchanging(&second.session)).await), ["NOT_SIGNED_IN"]);
    assert_eq!(own.end_other_sessions(EndOtherSessionsRequest {}).await.unwrap().into_inner().count, 1);
    let left = list(here).await;
    assert_eq!(left.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [seen[2].id.as_str()]);
    nobody.exchange_session(exchanging(&first.session)).await.unwrap();
    let refreshed = nobody.refresh_token(RefreshTokenRequest { refresh_token: pair.refresh_token }).await;
    assert_eq!(refusal(refreshed), ["NOT_SIGNED_IN"]);
    assert_eq!((world.audited("SESSION_ENDED").await, world.audited("OTHER_SESSIONS_ENDED").await), (1, 1));
    // What has run out by itself is not shown.
    world.pass_hours(13);
    assert!(list(person).await.is_empty());
    for told in [
        refusal(nobody.list_sessions(ListSessionsRequest {}).await),
        refusal(nobody.end_session(ending("ses_0")).await),
        refusal(nobody.end_other_sessions(EndOtherSessionsRequest {}).await),
    ] {
        assert_eq!(told, ["NOT_SIGNED_IN"]);
    }
    world.end().await;
}

/// Would have found: a count that parallel guesses lose, so that 200 at once get 200 true answers.
pub async fn guesses_side_by_side_learn_no_more(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    signed_up(&mut nobody, EMAIL).await;
    let guesses = (0..200).map(|n| {
        let mut guesser = client(&world, Actor::Anonymous);
        let guess = signing_in(EMAIL, &format!("guess {n}"), &format!("192.0.2.{n}"));
        async move { refusal(guesser.sign_in(guess).await).remove(0) }
    });
    let told = futures::future::join_all(guesses).await;
    let count = |code: &str| told.iter().filter(|found| *found == code).count();
    assert_eq!((count("CREDENTIALS_WRONG"), count("SIGN_IN_SLOWED")), (5, 195));
    world.clock.advance(Duration::from_secs(2));
    nobody.sign_in(signing_in(EMAIL, PASSWORD, "198.51.100.1")).await.unwrap();
    world.end().await;
}

/// Would have found: an owner locked out by whoever guesses at his account all day, and a flood of guesses at many
/// accounts from many addresses that nothing slows.
pub async fn an_owner_at_a_known_place_is_not_locked_out(coverage: &Coverage) {
    let few = [
        ("identity.password.memory_kib", 64.into()),
        ("identity.password.iterations", 1.into()),
        ("identity.flood.failures_per_minute", 10.into()),
    ];
    let world = Alone::start_with::<Identity>(coverage, &few).await;
    let mut nobody = client(&world, Actor::Anonymous);
    signed_up(&mut nobody, EMAIL).await;
    nobody.sign_in(signing_in(EMAIL, PASSWORD, "192.0.2.1")).await.unwrap();
    for n in 0..5 {
        let wrong = nobody.sign_in(signing_in(EMAIL, "x", &format!("203.0.113.{n}"))).await;
        assert_eq!(refusal(wrong), ["CREDENTIALS_WRONG"]);
    }
    let elsewhere = nobody.sign_in(signing_in(EMAIL, PASSWORD, "198.51.100.1")).await;
    assert_eq!(refusal(elsewhere), ["SIGN_IN_SLOWED"]);
    nobody.sign_in(signing_in(EMAIL, PASSWORD, "192.0.2.1")).await.unwrap();
    // A flood over many accounts fills the minute for all who are not known.
    for n in 0..5 {
        let wrong = signing_in(&format!("p{n}@example.org"), "x", &format!("198.51.100.{}", n + 10));
        assert_eq!(refusal(nobody.sign_in(wrong).await), ["CREDENTIALS_WRONG"]);
    }
    let flooded = nobody.sign_in(signing_in("p9@example.org", "x", "198.51.100.99")).await;
    assert_eq!(refusal(flooded), ["SIGN_IN_SLOWED"]);
    nobody.sign_in(signing_in(EMAIL, PASSWORD, "192.0.2.1")).await.unwrap();
    world.clock.advance(Duration::from_secs(61));
    let next = nobody.sign_in(signing_in("p9@example.org", "x", "198.51.100.99")).await;
    assert_eq!(refusal(next), ["CREDENTIALS_WRONG"]);
    // Whoever guesses at the known place is slowed there too.
    for _ in 0..5 {
        assert_eq!(refusal(nobody.sign_in(signing_in(EMAIL, "x", "192.0.2.1")).await), ["CREDENTIALS_WRONG"]);
    }
    assert_eq!(refusal(nobody.sign_in(signing_in(EMAIL, PASSWORD, "192.0.2.1")).await), ["SIGN_IN_SLOWED"]);
    world.end().await;
}

/// Keys as identity published them.
struct Published(String);

#[tonic::async_trait]
impl KeySource for Published {
    async fn fetch(&self) -> Result<String, Error> {
        Ok(self.0.clone())
    }
}

pub async fn a_token_is_proved_by_the_published_keys(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, EMAIL).await;
    let person = owner(&session);
    let mut tokens = Vec::new();
    for days in [0, 31] {
        world.pass_hours(days * 24);
        // Long idle, the session is over; a new one is as good.
        let session = match days {
            0 => session.session.clone(),
            _ => nobody.sign_in(signing_in(EMAIL, PASSWORD, "")).await.unwrap().into_inner().session,
        };
        world.step("rotate-signing-keys").await;
        tokens.push(nobody.exchange_session(exchanging(&session)).await.unwrap().into_inner().token);
        let jwks = nobody.get_keys(GetKeysRequest {}).await.unwrap().into_inner().jwks;
        let auth = Auth::new(Arc::new(Published(jwks)), world.context.sources.clone());
        let seen = auth.actor(&bearer(tokens.last().unwrap())).await.unwrap();
        assert_eq!((seen.account(), seen.roles()), (person.account(), person.roles()));
        // A minute and the leeway later it is worth nothing.
        world.clock.advance(Duration::from_secs(91));
        assert!(matches!(auth.actor(&bearer(tokens.last().unwrap())).await, Err(Error::Unauthenticated)));
    }
    let key = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_ne!(key(&tokens[0]), key(&tokens[1]), "the signing key was changed after a month");
    world.end().await;
}

fn bearer(token: &str) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    metadata.insert("authorization", format!("Bearer {token}").parse().unwrap());
    metadata
}
