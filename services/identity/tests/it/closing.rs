//! An owner closes his account.

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::identity::v1::{
    CloseAccountRequest, EnableAccountRequest, ExchangeSessionRequest, GetAccountRequest, LetterDue,
    ListSavedPersonsRequest, PrepareLetterRequest, RefreshTokenRequest, RequestPasswordResetRequest,
    StoreSavedPersonRequest, TakeOwnDataRequest, identity_client::IdentityClient,
};

use super::{PASSWORD, client, form, owner, signed_up, signing_in, start};

const EMAIL: &str = "aigerim@example.org";

fn closing(password: &str) -> CloseAccountRequest {
    CloseAccountRequest { password: password.to_owned() }
}

/// Would have found: a session or a program that goes on, answers that outlive the account, an address that is never free
/// again, an admin who opens what its owner has closed.
pub async fn a_closed_account_ends_at_once_and_is_erased_later(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, EMAIL).await;
    let pair = nobody.create_token(signing_in(EMAIL, PASSWORD, "")).await.unwrap().into_inner();
    let actor = owner(&session);
    let mut own = client(&world, actor.clone());
    let kept = [("surname".to_owned(), "HARPER".to_owned())].into();
    own.store_saved_person(StoreSavedPersonRequest { values: kept, ..StoreSavedPersonRequest::default() })
        .await
        .unwrap();
    assert_eq!(refusal(own.close_account(closing("a wrong one")).await), ["PASSWORD_WRONG at password"]);
    assert_eq!(refusal(nobody.close_account(closing(PASSWORD)).await), ["NOT_SIGNED_IN"]);
    // The answer was lost, and the same request comes again.
    let mut keyed = IdentityClient::new(world.by(actor).with_key("0190-1"));
    for _ in 0..2 {
        keyed.close_account(closing(PASSWORD)).await.unwrap();
    }
    assert_eq!(world.audited("ACCOUNT_CLOSED").await, 1);
    let exchanged = nobody.exchange_session(ExchangeSessionRequest { session: session.session.clone() }).await;
    assert_eq!(refusal(exchanged), ["NOT_SIGNED_IN"]);
    let refreshed = nobody.refresh_token(RefreshTokenRequest { refresh_token: pair.refresh_token }).await;
    assert_eq!(refusal(refreshed), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(nobody.sign_in(signing_in(EMAIL, PASSWORD, "")).await), ["CREDENTIALS_WRONG"]);
    // The token of a minute ago: nothing is left, and nothing is added.
    assert_eq!(refusal(own.get_account(GetAccountRequest {}).await), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(own.take_own_data(TakeOwnDataRequest {}).await), ["NOT_SIGNED_IN"]);
    assert!(own.list_saved_persons(ListSavedPersonsRequest {}).await.unwrap().into_inner().persons.is_empty());
    let late = own.store_saved_person(StoreSavedPersonRequest::default()).await;
    assert_eq!(refusal(late), ["NOT_SIGNED_IN"]);
    // Its owner is told once, though the account gets no other mail; a forgotten password brings it not back.
    let mut notifications = client(&world, people::service("notifications"));
    let letters = world.published::<LetterDue>().await;
    let closed = letters.iter().find(|letter| letter.kind == "account_closed").unwrap();
    let asked = |id: &str| PrepareLetterRequest { letter_id: id.to_owned() };
    let letter = notifications.prepare_letter(asked(&closed.letter_id)).await.unwrap().into_inner();
    assert_eq!((letter.email.as_str(), letter.secret.as_str()), (EMAIL, ""));
    assert_eq!(refusal(notifications.prepare_letter(asked(&letters[0].letter_id)).await), ["NOT_FOUND"]);
    let forgotten = RequestPasswordResetRequest { email: EMAIL.to_owned(), client_address: String::new() };
    nobody.request_password_reset(forgotten).await.unwrap();
    world.step("answer-reset-requests").await;
    assert_eq!(world.published::<LetterDue>().await.len(), letters.len());
    let id = session.account.unwrap().id;
    let opened = client(&world, people::admin()).enable_account(EnableAccountRequest { account_id: id }).await;
    assert_eq!(refusal(opened), ["NOT_FOUND"]);
    // Erased after its term, and not before; then the address is free.
    world.pass_hours(30 * 24 - 1);
    assert_eq!(world.step("erase-closed-accounts").await, 0);
    assert_eq!(refusal(nobody.sign_up(form(EMAIL)).await), ["EMAIL_IN_USE at email"]);
    world.pass_hours(2);
    assert_eq!(world.step("erase-closed-accounts").await, 1);
    assert_eq!(world.audited("ACCOUNT_ERASED").await, 1);
    assert_eq!(refusal(notifications.prepare_letter(asked(&closed.letter_id)).await), ["NOT_FOUND"]);
    signed_up(&mut nobody, EMAIL).await;
    world.end().await;
}

pub async fn staff_do_not_close_their_accounts(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let token = identity::first_admin(&world.context).await.unwrap().unwrap();
    let accepting = proto::identity::v1::AcceptInvitationRequest {
        token,
        password: "a-longer-violet-teapot".to_owned(),
        email: "first@example.org".to_owned(),
        given_name: "Dana".to_owned(),
        surname: "Omarova".to_owned(),
        locale: "ru".to_owned(),
        ..Default::default()
    };
    let admin = nobody.accept_invitation(accepting).await.unwrap().into_inner().account.unwrap();
    let actor = people::person(admin.id.parse().unwrap(), &[kernel::Role::Admin]);
    let refused = client(&world, actor).close_account(closing("a-longer-violet-teapot")).await;
    assert_eq!(refusal(refused), ["STAFF_ACCOUNT"]);
    nobody.sign_in(signing_in("first@example.org", "a-longer-violet-teapot", "")).await.unwrap();
    world.end().await;
}
