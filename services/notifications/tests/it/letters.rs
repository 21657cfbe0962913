//! Letters by e-mail: sent once, tried again, refused for good.

use chassis::testing::{Alone, Coverage, people};
use proto::{
    applications::v1::ApplicationRejected,
    identity::v1::{Contact, GetContactRequest, LetterDue},
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

/// Would have found: a link that whoever finds the portal open, or the database, can follow; a mail to the account's
/// address instead of the letter's; a letter sent though its link was used meanwhile.
pub async fn a_links_secret_stands_in_the_mail_alone(coverage: &Coverage) {
    let (world, post) = start_with_post(coverage).await;
    let due = |id: &str| LetterDue { letter_id: id.to_owned(), account_id: owner(), kind: "change_email".to_owned() };
    world.tell("ltr_1", 1, &due("ltr_1")).await;
    send_all(&world).await;
    let letters = post.letters();
    assert_eq!(letters.len(), 1);
    let letter = letters[0].replace("=\r\n", "").replace("=3D", "=");
    assert!(letter.contains("new@example.org"), "{letter}");
    assert!(letter.contains("http://127.0.0.1:8080/confirm-email?token=s3cret"), "{letter}");
    let shown = inbox(&world, people::applicant()).await.remove(0);
    assert!(shown.body.contains("in the e-mail only") && !shown.body.contains("s3cret"), "{shown:?}");
    world.tell("ltr_overtaken", 1, &due("ltr_overtaken")).await;
    send_all(&world).await;
    assert_eq!((post.letters().len(), inbox(&world, people::applicant()).await.len()), (1, 1));
    world.end().await;
}
