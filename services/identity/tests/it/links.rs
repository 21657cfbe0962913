//! Letters and the links in them: an address verified, a password reset or changed, an address changed.

use std::time::Duration;

use chassis::testing::{Alone, Coverage, people, refusal};
use identity::Identity;
use kernel::Actor;
use proto::identity::v1::{
    ChangePasswordRequest, ConfirmEmailChangeRequest, ConfirmPhoneRequest, DisableAccountRequest, EmailVerified,
    ExchangeSessionRequest, GetAccountRequest, Letter, LetterDue, PrepareLetterRequest, RefreshTokenRequest,
    RequestEmailChangeRequest, RequestEmailVerificationRequest, RequestPasswordResetRequest, ResetPasswordRequest,
    SendPhoneCodeRequest, SignUpRequest, UpdateAccountRequest, VerifyEmailRequest,
};
use tonic::Status;

use super::{Client, PASSWORD, client, form, owner, signed_up, signing_in, start};

const EMAIL: &str = "aigerim@example.org";
const NEW_PASSWORD: &str = "indigo-kettle-4";

/// The newest letter of a kind, as the mail would have it.
async fn letter(world: &Alone, kind: &str) -> Letter {
    let due = newest(world, kind).await;
    prepare(world, &due).await.unwrap()
}

async fn newest(world: &Alone, kind: &str) -> String {
    let due = world.published::<LetterDue>().await;
    due.iter().rfind(|due| due.kind == kind).unwrap_or_else(|| panic!("no letter {kind}: {due:?}")).letter_id.clone()
}

async fn prepare(world: &Alone, letter_id: &str) -> Result<Letter, Status> {
    let request = PrepareLetterRequest { letter_id: letter_id.to_owned() };
    let answer = client(world, people::service("notifications")).prepare_letter(request).await;
    answer.map(tonic::Response::into_inner)
}

async fn count(world: &Alone, kind: &str) -> usize {
    world.published::<LetterDue>().await.iter().filter(|due| due.kind == kind).count()
}

fn verifying(token: &str) -> VerifyEmailRequest {
    VerifyEmailRequest { token: token.to_owned() }
}

fn resetting(token: &str, password: &str) -> ResetPasswordRequest {
    ResetPasswordRequest { token: token.to_owned(), password: password.to_owned() }
}

fn forgotten(email: &str, address: &str) -> RequestPasswordResetRequest {
    RequestPasswordResetRequest { email: email.to_owned(), client_address: address.to_owned() }
}

/// Would have found: a link that works twice, for another account, or for ever.
pub async fn an_address_is_verified_by_a_link_once(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, EMAIL).await;
    let mut own = client(&world, owner(&session));
    assert!(!own.get_account(GetAccountRequest {}).await.unwrap().into_inner().email_verified);
    let first = letter(&world, "verify_email").await;
    assert_eq!((first.email.as_str(), first.locale.as_str()), (EMAIL, "kk"));
    // The mail went out twice: each copy's link would do.
    let copy = letter(&world, "verify_email").await;
    assert_ne!(first.secret, copy.secret);
    for (denied, told) in [(people::admin(), "NOT_PERMITTED"), (Actor::Anonymous, "NOT_SIGNED_IN")] {
        let request = PrepareLetterRequest { letter_id: newest(&world, "verify_email").await };
        assert_eq!(refusal(client(&world, denied).prepare_letter(request).await), [told]);
    }
    let other = signed_up(&mut nobody, "dana@example.org").await;
    let mut other = client(&world, owner(&other));
    for token in [first.secret.as_str(), "", "guess"] {
        assert_eq!(refusal(other.verify_email(verifying(token)).await), ["LINK_UNKNOWN"], "another is signed in");
    }
    // A link of another kind does nothing here, and this one does nothing else.
    assert_eq!(refusal(nobody.reset_password(resetting(&first.secret, NEW_PASSWORD)).await), ["LINK_UNKNOWN"]);
    nobody.verify_email(verifying(&first.secret)).await.unwrap();
    for used in [&first.secret, &copy.secret] {
        assert_eq!(refusal(nobody.verify_email(verifying(used)).await), ["LINK_UNKNOWN"]);
    }
    assert!(own.get_account(GetAccountRequest {}).await.unwrap().into_inner().email_verified);
    assert_eq!(world.published::<EmailVerified>().await.len(), 1);
    assert_eq!(world.audited("EMAIL_VERIFIED").await, 1);
    let again = own.request_email_verification(RequestEmailVerificationRequest {}).await;
    assert_eq!(refusal(again), ["EMAIL_ALREADY_VERIFIED"]);
    assert_eq!(prepare(&world, "ltr_0").await.unwrap_err().code(), tonic::Code::NotFound);
    world.end().await;
}

/// Would have found: a mailbox that anyone can fill, and a link that outlives its day.
pub async fn letters_are_asked_for_in_measure_and_expire(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, EMAIL).await;
    let mut own = client(&world, owner(&session));
    let asked = || RequestEmailVerificationRequest {};
    for _ in 0..3 {
        own.request_email_verification(asked()).await.unwrap();
    }
    assert_eq!(refusal(own.request_email_verification(asked()).await), ["LETTERS_SLOWED"]);
    world.clock.advance(Duration::from_secs(61));
    own.request_email_verification(asked()).await.unwrap();
    assert_eq!(count(&world, "verify_email").await, 5);
    let old = letter(&world, "verify_email").await;
    world.pass_hours(25);
    assert_eq!(refusal(own.verify_email(verifying(&old.secret)).await), ["LINK_UNKNOWN"]);
    let late = newest(&world, "verify_email").await;
    assert_eq!(prepare(&world, &late).await.unwrap_err().code(), tonic::Code::NotFound, "nobody waits for it any more");
    assert_eq!(refusal(nobody.request_email_verification(asked()).await), ["NOT_SIGNED_IN"]);
    // A month later nothing of them is kept.
    world.pass_hours(30 * 24);
    assert_eq!(world.step("forget-what-is-old").await, 6, "five letters and a count");
    assert_eq!(world.step("forget-what-is-old").await, 0);
    world.end().await;
}

/// Would have found: an answer that differs for an address that nobody has, a link that sets two passwords, a session
/// that outlives the password it was opened with.
pub async fn a_forgotten_password_is_reset_once(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, EMAIL).await;
    let pair = nobody.create_token(signing_in(EMAIL, PASSWORD, "")).await.unwrap().into_inner();
    let faulty = nobody.request_password_reset(forgotten("aigerim", "192.0.2.1")).await;
    assert_eq!(refusal(faulty), ["EMAIL_MALFORMED at email"]);
    let known = nobody.request_password_reset(forgotten("AIGERIM@example.org", "192.0.2.1")).await.unwrap();
    let unknown = nobody.request_password_reset(forgotten("nobody@example.org", "192.0.2.1")).await.unwrap();
    assert_eq!(known.into_inner(), unknown.into_inner());
    assert_eq!(count(&world, "reset_password").await, 0, "the answer is given before anyone looks whose address it is");
    assert_eq!(world.step("answer-reset-requests").await, 2);
    assert_eq!(count(&world, "reset_password").await, 1);
    let link = letter(&world, "reset_password").await.secret;
    for (password, told) in
        [("short", "PASSWORD_TOO_SHORT at password"), ("xx-әйгерім-xx", "PASSWORD_LIKE_NAME at password")]
    {
        assert_eq!(refusal(nobody.reset_password(resetting(&link, password)).await), [told]);
    }
    // Two at the same time: one wins.
    let (mut one, mut two) = (client(&world, Actor::Anonymous), client(&world, Actor::Anonymous));
    let (first, second) = tokio::join!(
        one.reset_password(resetting(&link, NEW_PASSWORD)),
        two.reset_password(resetting(&link, "another-kettle-5")),
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let set = if first.is_ok() { NEW_PASSWORD } else { "another-kettle-5" };
    assert_eq!(refusal(nobody.reset_password(resetting(&link, NEW_PASSWORD)).await), ["LINK_UNKNOWN"]);
    let exchanged = nobody.exchange_session(ExchangeSessionRequest { session: session.session.clone() }).await;
    assert_eq!(refusal(exchanged), ["NOT_SIGNED_IN"]);
    let refreshed = nobody.refresh_token(RefreshTokenRequest { refresh_token: pair.refresh_token }).await;
    assert_eq!(refusal(refreshed), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(nobody.sign_in(signing_in(EMAIL, PASSWORD, "")).await), ["CREDENTIALS_WRONG"]);
    let account = nobody.sign_in(signing_in(EMAIL, set, "")).await.unwrap().into_inner().account.unwrap();
    assert!(account.email_verified, "whoever followed the link reads the mail");
    let told = letter(&world, "password_changed").await;
    assert_eq!((told.email.as_str(), told.secret.as_str()), (EMAIL, ""));
    assert_eq!(world.audited("PASSWORD_RESET").await, 1);
    world.end().await;
}

/// Would have found: a way back into an account that was disabled, a link of yesterday, a flood of letters.
pub async fn a_reset_is_nobody_elses_way_in(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let account = signed_up(&mut nobody, EMAIL).await.account.unwrap();
    nobody.request_password_reset(forgotten(EMAIL, "192.0.2.1")).await.unwrap();
    world.step("answer-reset-requests").await;
    let link = letter(&world, "reset_password").await.secret;
    world.clock.advance(Duration::from_mins(31));
    assert_eq!(refusal(nobody.reset_password(resetting(&link, NEW_PASSWORD)).await), ["LINK_UNKNOWN"]);
    nobody.request_password_reset(forgotten(EMAIL, "192.0.2.1")).await.unwrap();
    world.step("answer-reset-requests").await;
    let link = letter(&world, "reset_password").await.secret;
    let disabling = DisableAccountRequest { account_id: account.id, reason: "left".to_owned() };
    client(&world, people::admin()).disable_account(disabling).await.unwrap();
    assert_eq!(refusal(nobody.reset_password(resetting(&link, NEW_PASSWORD)).await), ["LINK_UNKNOWN"]);
    nobody.request_password_reset(forgotten(EMAIL, "192.0.2.1")).await.unwrap();
    assert_eq!(world.step("answer-reset-requests").await, 1);
    assert_eq!(count(&world, "reset_password").await, 2, "a disabled account gets none");
    // The fourth for one address is slowed, from wherever it comes, and whether or not anybody has the address.
    let slowed = nobody.request_password_reset(forgotten(EMAIL, "198.51.100.1")).await;
    assert_eq!(refusal(slowed), ["LETTERS_SLOWED"]);
    for n in 0..3 {
        nobody.request_password_reset(forgotten("nobody@example.org", &format!("203.0.113.{n}"))).await.unwrap();
    }
    let slowed = nobody.request_password_reset(forgotten("nobody@example.org", "203.0.113.9")).await;
    assert_eq!(refusal(slowed), ["LETTERS_SLOWED"]);
    // One client that goes through many addresses is slowed as well.
    for n in 0..20 {
        nobody.request_password_reset(forgotten(&format!("p{n}@example.org"), "203.0.113.50")).await.unwrap();
    }
    let slowed = nobody.request_password_reset(forgotten("p21@example.org", "203.0.113.50")).await;
    assert_eq!(refusal(slowed), ["LETTERS_SLOWED"]);
    world.end().await;
}

fn changing(old: &str, new: &str) -> ChangePasswordRequest {
    ChangePasswordRequest { old_password: old.to_owned(), new_password: new.to_owned() }
}

/// Would have found: a password changed by whoever finds the browser open, and other devices that stay signed in.
pub async fn the_own_password_is_changed_by_who_knows_it(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let here = signed_up(&mut nobody, EMAIL).await;
    let there = nobody.sign_in(signing_in(EMAIL, PASSWORD, "")).await.unwrap().into_inner();
    let exchange = |session: &str| ExchangeSessionRequest { session: session.to_owned() };
    let person = owner(&here);
    let mut own = client(&world, person.clone());
    let refused = own.change_password(changing("wrong", NEW_PASSWORD)).await;
    assert_eq!(refusal(refused), ["PASSWORD_WRONG at old_password"]);
    let refused = own.change_password(changing(PASSWORD, "aigerim-kettle")).await;
    assert_eq!(refusal(refused), ["PASSWORD_LIKE_EMAIL at new_password"]);
    assert_eq!(refusal(nobody.change_password(changing(PASSWORD, NEW_PASSWORD)).await), ["NOT_SIGNED_IN"]);
    // Lost answer, asked again under the same key: it is the same.
    let mut keyed =
        proto::identity::v1::identity_client::IdentityClient::new(world.by(person.clone()).with_key("0190-2"));
    for _ in 0..2 {
        keyed.change_password(changing(PASSWORD, NEW_PASSWORD)).await.unwrap();
    }
    assert_eq!(refusal(nobody.exchange_session(exchange(&there.session)).await), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(nobody.sign_in(signing_in(EMAIL, PASSWORD, "")).await), ["CREDENTIALS_WRONG"]);
    nobody.sign_in(signing_in(EMAIL, NEW_PASSWORD, "")).await.unwrap();
    assert_eq!(count(&world, "password_changed").await, 1);
    assert_eq!(world.audited("PASSWORD_CHANGED").await, 1);
    // Guesses at the old password are slowed as at sign-in.
    for _ in 0..4 {
        let wrong = own.change_password(changing("wrong", NEW_PASSWORD)).await;
        assert_eq!(refusal(wrong), ["PASSWORD_WRONG at old_password"]);
    }
    own.change_password(changing("wrong", NEW_PASSWORD)).await.unwrap_err();
    assert_eq!(refusal(own.change_password(changing(NEW_PASSWORD, PASSWORD)).await), ["SIGN_IN_SLOWED"]);
    world.end().await;
}

/// Would have found: a session opened just after the change, for a password that was proved just before it.
pub async fn who_signs_in_with_the_old_password_meanwhile_is_out(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let mut own = client(&world, owner(&signed_up(&mut nobody, EMAIL).await));
    let others = (0..40).map(|_| {
        let mut other = client(&world, Actor::Anonymous);
        async move { other.sign_in(signing_in(EMAIL, PASSWORD, "")).await }
    });
    let (changed, signed_in) =
        futures::join!(own.change_password(changing(PASSWORD, NEW_PASSWORD)), futures::future::join_all(others));
    changed.unwrap();
    for session in signed_in.into_iter().flatten() {
        let exchanged = nobody.exchange_session(ExchangeSessionRequest { session: session.into_inner().session }).await;
        assert_eq!(refusal(exchanged), ["NOT_SIGNED_IN"]);
    }
    world.end().await;
}

fn moving(own: &mut Client, email: &str, password: &str) -> impl Future<Output = Vec<String>> {
    let request = RequestEmailChangeRequest { email: email.to_owned(), password: password.to_owned() };
    let mut own = own.clone();
    async move {
        match own.request_email_change(request).await {
            Ok(_) => Vec::new(),
            refused => refusal(refused),
        }
    }
}

/// Would have found: an address taken without its owner, an account moved without its owner's knowledge, and a sign that
/// an address is in use.
pub async fn an_address_changes_when_the_new_one_answers(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, EMAIL).await;
    let former = letter(&world, "verify_email").await;
    signed_up(&mut nobody, "dana@example.org").await;
    let mut own = client(&world, owner(&session));
    for (email, password, told) in [
        ("aigerim", PASSWORD, "EMAIL_MALFORMED at email"),
        ("AIGERIM@example.org", PASSWORD, "EMAIL_UNCHANGED at email"),
        ("new@example.org", "wrong", "PASSWORD_WRONG at password"),
    ] {
        assert_eq!(moving(&mut own, email, password).await, [told]);
    }
    assert_eq!(moving(&mut nobody, "new@example.org", PASSWORD).await, ["NOT_SIGNED_IN"]);
    // In use already: the answer is the same, and nothing is ever mailed.
    assert!(moving(&mut own, "dana@example.org", PASSWORD).await.is_empty());
    let taken = newest(&world, "change_email").await;
    assert_eq!(prepare(&world, &taken).await.unwrap_err().code(), tonic::Code::NotFound);
    assert!(moving(&mut own, "new@example.org", PASSWORD).await.is_empty());
    let link = letter(&world, "change_email").await;
    assert_eq!(link.email, "new@example.org");
    assert_eq!(own.get_account(GetAccountRequest {}).await.unwrap().into_inner().email, EMAIL);
    let confirming = |token: &str| ConfirmEmailChangeRequest { token: token.to_owned() };
    let stranger = client(&world, people::stranger()).confirm_email_change(confirming(&link.secret)).await;
    assert_eq!(refusal(stranger), ["LINK_UNKNOWN"]);
    nobody.confirm_email_change(confirming(&link.secret)).await.unwrap();
    assert_eq!(refusal(nobody.confirm_email_change(confirming(&link.secret)).await), ["LINK_UNKNOWN"]);
    let account = own.get_account(GetAccountRequest {}).await.unwrap().into_inner();
    assert_eq!((account.email.as_str(), account.email_verified), ("new@example.org", true));
    assert_eq!(letter(&world, "email_changed").await.email, EMAIL, "the former address is told");
    assert_eq!(refusal(nobody.verify_email(verifying(&former.secret)).await), ["LINK_UNKNOWN"]);
    nobody.sign_in(signing_in("new@example.org", PASSWORD, "")).await.unwrap();
    // The former address is free again; a link to it that is still out does not take it from whoever has it now.
    assert!(moving(&mut own, EMAIL, PASSWORD).await.is_empty());
    let back = letter(&world, "change_email").await;
    nobody.sign_up(SignUpRequest { ..form(EMAIL) }).await.unwrap();
    assert_eq!(refusal(nobody.confirm_email_change(confirming(&back.secret)).await), ["LINK_UNKNOWN"]);
    world.end().await;
}

/// Would have found: a phone changed without its code, a code that is guessed at for ever, one that is good for the phone
/// that was asked for after it.
pub async fn another_phone_takes_its_code(coverage: &Coverage) {
    const FIRST: &str = "+77010000001";
    const SECOND: &str = "+77010000002";
    let world = Alone::start_with::<Identity>(coverage, &[("identity.letters.code_by", "sms".into())]).await;
    let session = signed_up(&mut client(&world, Actor::Anonymous), EMAIL).await;
    let mut own = client(&world, owner(&session));
    let before = own.get_account(GetAccountRequest {}).await.unwrap().into_inner();
    let saving = |phone: &str| UpdateAccountRequest {
        given_name: "Anna".to_owned(),
        surname: "Schmidt".to_owned(),
        phone: phone.to_owned(),
        locale: "en".to_owned(),
    };
    let entering = |code: &str| ConfirmPhoneRequest { code: code.to_owned() };
    assert_eq!(refusal(own.confirm_phone(entering("123456")).await), ["CODE_UNKNOWN at code"]);
    assert_eq!(refusal(own.send_phone_code(SendPhoneCodeRequest {}).await), ["CODE_UNKNOWN"]);
    let waits = own.update_account(saving(FIRST)).await.unwrap().into_inner();
    assert_eq!((&waits.phone, waits.phone_pending.as_str(), waits.given_name.as_str()), (&before.phone, FIRST, "Anna"));
    let former = letter(&world, "confirm_phone").await;
    assert_eq!((former.phone.as_str(), former.secret.len()), (FIRST, 6));
    // The same page saved again sends nothing; another phone has another code.
    own.update_account(saving(FIRST)).await.unwrap();
    assert_eq!(count(&world, "confirm_phone").await, 1);
    own.update_account(saving(SECOND)).await.unwrap();
    let code = letter(&world, "confirm_phone").await;
    assert_eq!(code.phone, SECOND);
    let wrong = if code.secret == "000000" { "000001" } else { "000000" };
    for guess in [former.secret.as_str(), wrong, wrong, wrong, wrong] {
        if guess != code.secret {
            assert_eq!(refusal(own.confirm_phone(entering(guess)).await), ["CODE_WRONG at code"]);
        }
    }
    assert_eq!(refusal(own.confirm_phone(entering(&code.secret)).await), ["CODE_UNKNOWN at code"], "guessed too often");
    world.pass_hours(1);
    own.send_phone_code(SendPhoneCodeRequest {}).await.unwrap();
    let code = letter(&world, "confirm_phone").await;
    world.pass_hours(1);
    assert_eq!(refusal(own.confirm_phone(entering(&code.secret)).await), ["CODE_UNKNOWN at code"], "it has expired");
    let late = newest(&world, "confirm_phone").await;
    assert_eq!(prepare(&world, &late).await.unwrap_err().code(), tonic::Code::NotFound);
    world.pass_hours(1);
    own.send_phone_code(SendPhoneCodeRequest {}).await.unwrap();
    let code = letter(&world, "confirm_phone").await;
    let stranger = client(&world, people::stranger()).confirm_phone(entering(&code.secret)).await;
    assert_eq!(refusal(stranger), ["CODE_UNKNOWN at code"]);
    let changed = own.confirm_phone(entering(&format!(" {} ", code.secret))).await.unwrap().into_inner();
    assert_eq!((changed.phone.as_str(), changed.phone_pending.as_str()), (SECOND, ""));
    assert_eq!(refusal(own.confirm_phone(entering(&code.secret)).await), ["CODE_UNKNOWN at code"], "it was used");
    world.pass_hours(1);
    // The phone that the account has needs no code, and ends the wait for another.
    own.update_account(saving(FIRST)).await.unwrap();
    let back = own.update_account(saving(SECOND)).await.unwrap().into_inner();
    assert_eq!((back.phone.as_str(), back.phone_pending.as_str()), (SECOND, ""));
    world.end().await;
}
