//! Accounts of applicants: signing up, passwords, the own data.

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::identity::v1::{
    AccountKind, GetAccountRequest, GetContactRequest, SignUpRequest, UpdateAccountRequest, UserRegistered,
    identity_client::IdentityClient,
};

use super::{client, form, owner, signed_up, signing_in, start};

pub async fn a_person_or_a_company_signs_up(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let faulty = SignUpRequest { email: "aigerim".to_owned(), phone: "12".to_owned(), ..form("") };
    assert_eq!(refusal(nobody.sign_up(faulty).await), ["EMAIL_MALFORMED at email", "PHONE_MALFORMED at phone"]);
    let person = signed_up(&mut nobody, "Aigerim@Example.org").await.account.unwrap();
    assert_eq!((person.phone.as_str(), person.roles), ("+77011234567", vec!["applicant".to_owned()]));
    let again = nobody.sign_up(form("aigerim@EXAMPLE.org")).await;
    assert_eq!(refusal(again), ["EMAIL_IN_USE at email"]);
    let company = SignUpRequest {
        kind: AccountKind::Company.into(),
        company_name: "Example Ltd.".to_owned(),
        bin: "240140990005".to_owned(),
        ..form("office@example.org")
    };
    assert_eq!(refusal(nobody.sign_up(company.clone()).await), ["BIN_CHECK_DIGIT at bin"]);
    let company = SignUpRequest { bin: "240140990004".to_owned(), ..company };
    let company = nobody.sign_up(company).await.unwrap().into_inner().account.unwrap();
    assert_eq!((company.kind(), company.bin.as_str()), (AccountKind::Company, "240140990004"));
    let told = world.published::<UserRegistered>().await;
    assert_eq!(told.iter().map(|fact| fact.kind.as_str()).collect::<Vec<_>>(), ["person", "company"]);
    assert_eq!(world.audited("REGISTERED").await, 2);
    world.end().await;
}

pub async fn a_password_is_none_that_is_guessed_first(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    for (password, told) in [
        ("teapot-19", "PASSWORD_TOO_SHORT at password"),
        (&"teapot-19".repeat(15), "PASSWORD_TOO_LONG at password"),
        ("Password123!", "PASSWORD_COMMON at password"),
        ("1234567890", "PASSWORD_COMMON at password"),
        ("abababababab", "PASSWORD_COMMON at password"),
        ("my-aigerim-1", "PASSWORD_LIKE_EMAIL at password"),
    ] {
        let refused = SignUpRequest { password: password.to_owned(), ..form("aigerim@example.org") };
        assert_eq!(refusal(nobody.sign_up(refused).await), [told]);
    }
    assert!(world.outbox().await.is_empty());
    world.end().await;
}

pub async fn a_repeated_sign_up_has_one_effect_and_the_same_answer(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut keyed = IdentityClient::new(world.by(Actor::Anonymous).with_key("0190-1"));
    let first = signed_up(&mut keyed, "aigerim@example.org").await;
    assert_eq!(signed_up(&mut keyed, "aigerim@example.org").await, first);
    assert_eq!(refusal(keyed.sign_up(form("other@example.org")).await), ["IDEMPOTENCY_KEY_REUSED"]);
    assert_eq!(world.published::<UserRegistered>().await.len(), 1);
    world.end().await;
}

pub async fn the_own_account_is_read_and_changed(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, "aigerim@example.org").await;
    let mut own = client(&world, owner(&session));
    assert_eq!(own.get_account(GetAccountRequest {}).await.unwrap().into_inner(), session.account.unwrap());
    let before = own.get_account(GetAccountRequest {}).await.unwrap().into_inner();
    let [given_name, surname, phone, locale] = ["Anna", "Schmidt", &before.phone, "en"].map(str::to_owned);
    let changed = UpdateAccountRequest { given_name, surname, phone, locale };
    let faulty = UpdateAccountRequest { locale: "de".to_owned(), given_name: " ".to_owned(), ..changed.clone() };
    let told = refusal(own.update_account(faulty).await);
    assert_eq!(told, ["NAME_EMPTY at given_name", "LOCALE_UNKNOWN at locale"]);
    let account = own.update_account(changed.clone()).await.unwrap().into_inner();
    assert_eq!((account.given_name.as_str(), account.email.as_str()), ("Anna", "aigerim@example.org"));
    assert_eq!(own.get_account(GetAccountRequest {}).await.unwrap().into_inner(), account);
    assert_eq!(refusal(nobody.get_account(GetAccountRequest {}).await), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(nobody.update_account(changed).await), ["NOT_SIGNED_IN"]);
    world.end().await;
}

pub async fn addresses_are_told_to_services_only(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let account = signed_up(&mut nobody, "aigerim@example.org").await.account.unwrap();
    let asked = |id: &str| GetContactRequest { account_id: id.to_owned() };
    let mut notifications = client(&world, people::service("notifications"));
    let contact = notifications.get_contact(asked(&account.id)).await.unwrap().into_inner();
    assert_eq!((contact.email.as_str(), contact.locale.as_str()), ("aigerim@example.org", "kk"));
    assert_eq!(refusal(notifications.get_contact(asked("acc_0")).await), ["NOT_FOUND"]);
    for (denied, told) in [(people::admin(), "NOT_PERMITTED"), (Actor::Anonymous, "NOT_SIGNED_IN")] {
        assert_eq!(refusal(client(&world, denied).get_contact(asked(&account.id)).await), [told]);
    }
    // Who has signed up may sign in.
    nobody.sign_in(signing_in(&account.email, super::PASSWORD, "192.0.2.1")).await.unwrap();
    world.end().await;
}
