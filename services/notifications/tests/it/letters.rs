//! Letters by e-mail: sent once, tried again, refused for good.

use chassis::testing::{Alone, Coverage, people};
use proto::{
    applications::v1::ApplicationRejected,
    identity::v1::{Contact, GetContactRequest},
};
use tonic::Status;

use super::{NUMBER, identity_knows, inbox, owner, send_all, start_with_post};

async fn rejected(world: &Alone, version: i64) {
    world.tell(NUMBER, version, &ApplicationRejected { number: NUMBER, account_id: owner() }).await;
}

async fn delivery(world: &Alone) -> (String, u32) {
    let newest = inbox(world, people::applicant()).await.remove(0);
    (newest.delivery, newest.attempts)
}

pub async fn a_letter_is_sent_once(coverage: &Coverage) {
    let (world, post) = start_with_post(coverage).await;
    rejected(&world, 2).await;
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(send_all(&world).await, 0);
    let letters = post.letters();
    assert_eq!(letters.len(), 1);
    let [account, number] = [people::applicant().account().unwrap().uuid().simple().to_string(), NUMBER.to_string()];
    assert!(letters[0].contains(&format!("{account}@example.org")), "{}", letters[0]);
    assert!(letters[0].contains("Message-ID: <") && letters[0].contains("@portal>"), "{}", letters[0]);
    assert!(!letters[0].contains("passport") && letters[0].contains(&number));
    assert_eq!(delivery(&world).await, ("sent".to_owned(), 1));
    world.end().await;
}

pub async fn a_letter_is_tried_again_and_refused_for_good(coverage: &Coverage) {
    let (world, post) = start_with_post(coverage).await;
    post.says("450 later");
    rejected(&world, 2).await;
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(delivery(&world).await, ("waiting".to_owned(), 1));
    post.says("250 fine");
    world.pass_hours(1);
    assert_eq!(send_all(&world).await, 1);
    assert_eq!((delivery(&world).await, post.letters().len()), (("sent".to_owned(), 2), 1));
    // A server that never takes it is asked seven times, over a day.
    post.says("450 later");
    rejected(&world, 3).await;
    for _ in 0..10 {
        send_all(&world).await;
        world.pass_hours(13);
    }
    assert_eq!(delivery(&world).await, ("failed".to_owned(), 7));
    // One that says no for good is not asked again.
    post.says("550 nobody here");
    rejected(&world, 4).await;
    send_all(&world).await;
    world.pass_hours(13);
    assert_eq!(send_all(&world).await, 0);
    assert_eq!((delivery(&world).await, post.letters().len()), (("failed".to_owned(), 1), 1));
    world.end().await;
}

pub async fn identity_away_loses_no_letter(coverage: &Coverage) {
    let (world, post) = start_with_post(coverage).await;
    world
        .fakes
        .on("identity.Identity/GetContact", |_: GetContactRequest| Err::<Contact, _>(Status::unavailable("away")));
    rejected(&world, 2).await;
    assert_eq!(send_all(&world).await, 1);
    assert!(post.letters().is_empty());
    identity_knows(&world, "en", false);
    world.pass_hours(1);
    send_all(&world).await;
    assert_eq!(post.letters().len(), 1);
    // Each call to identity was made in the service's own name, with its time.
    let calls = world.fakes.calls("GetContact");
    assert!(calls.iter().all(|call| !call.authorization.is_empty() && !call.timeout.is_empty()), "{calls:?}");
    world.end().await;
}
