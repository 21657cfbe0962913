//! Clients at the desk, consents, and whom a breach concerns.

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::identity::v1::{
    AccountKind, CloseAccountRequest, FindClientRequest, GetConsentTextRequest, LetterDue, ListAccountHoldersRequest,
    ListConsentsRequest, OpenClientAccountRequest, PrepareLetterRequest, ResetPasswordRequest, SignUpRequest,
    TakeOwnDataRequest, UserRegistered, identity_client::IdentityClient,
};

use super::{Client, PASSWORD, client, form, owner, signed_up, signing_in, start};

fn by_email(email: &str) -> FindClientRequest {
    FindClientRequest { email: email.to_owned(), account_id: String::new() }
}

fn opening(email: &str) -> OpenClientAccountRequest {
    let [email, given_name, surname, phone, locale] =
        [email, "Kenji", "Watanabe", "+77011234567", "ru"].map(str::to_owned);
    OpenClientAccountRequest {
        kind: AccountKind::Person.into(),
        email,
        given_name,
        surname,
        phone,
        locale,
        consent_version: 1,
        client_address: "192.0.2.7".to_owned(),
        ..OpenClientAccountRequest::default()
    }
}

/// Would have found: applicants who learn who has an account, a look that is nowhere recorded, an account that somebody of
/// the staff could sign in with, a link that sets two passwords.
pub async fn staff_find_a_client_and_open_an_account(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let (mut manager, mut supervisor) = (client(&world, people::manager()), client(&world, people::supervisor()));
    let known = signed_up(&mut nobody, "aigerim@example.org").await.account.unwrap();
    for denied in [people::applicant(), people::finance(), people::admin(), people::service("billing")] {
        let mut denied: Client = client(&world, denied);
        assert_eq!(refusal(denied.find_client(by_email("aigerim@example.org")).await), ["NOT_PERMITTED"]);
        assert_eq!(refusal(denied.open_client_account(opening("kenji@example.org")).await), ["NOT_PERMITTED"]);
    }
    let found = manager.find_client(by_email(" Aigerim@EXAMPLE.org ")).await.unwrap().into_inner();
    assert_eq!((found.account_id.as_str(), found.name.as_str()), (known.id.as_str(), "Әйгерім Нұрланқызы"));
    assert_eq!(world.audited("CLIENT_LOOKED_UP").await, 1);
    let by_id = FindClientRequest { account_id: known.id.clone(), email: String::new() };
    assert_eq!(supervisor.find_client(by_id).await.unwrap().into_inner(), found);
    for account_id in ["acc_0".to_owned(), chassis::demo::ADMIN.to_string()] {
        let asked = FindClientRequest { account_id, email: String::new() };
        assert_eq!(refusal(manager.find_client(asked).await), ["NOT_FOUND"]);
    }
    assert_eq!(refusal(manager.find_client(by_email("kenji")).await), ["EMAIL_MALFORMED at email"]);
    let unknown = manager.find_client(by_email("kenji@example.org")).await;
    assert_eq!(refusal(unknown), ["CLIENT_UNKNOWN at email"]);

    let faulty = OpenClientAccountRequest { phone: "12".to_owned(), consent_version: 0, ..opening("kenji") };
    let told = refusal(manager.open_client_account(faulty).await);
    assert_eq!(told, ["EMAIL_MALFORMED at email", "PHONE_MALFORMED at phone", "CONSENT_MISSING at consent"]);
    let taken = manager.open_client_account(opening("aigerim@example.org")).await;
    assert_eq!(refusal(taken), ["EMAIL_IN_USE at email"]);
    let mut keyed = IdentityClient::new(world.by(people::manager()).with_key("0190-1"));
    let opened = keyed.open_client_account(opening("kenji@example.org")).await.unwrap().into_inner();
    assert_eq!(keyed.open_client_account(opening("kenji@example.org")).await.unwrap().into_inner(), opened);
    assert_eq!(world.published::<UserRegistered>().await.len(), 2);
    assert_eq!(world.audited("CLIENT_ACCOUNT_OPENED").await, 1);
    let letters = world.published::<LetterDue>().await;
    let letter = letters.iter().find(|letter| letter.kind == "account_opened").unwrap();
    assert!(letters.iter().all(|other| other.account_id != letter.account_id || other.kind == "account_opened"));
    world.pass_hours(20);
    let mut notifications = client(&world, people::service("notifications"));
    let asked = PrepareLetterRequest { letter_id: letter.letter_id.clone() };
    let mail = notifications.prepare_letter(asked).await.unwrap().into_inner();
    assert_eq!((mail.email.as_str(), mail.locale.as_str()), ("kenji@example.org", "ru"));
    world.pass_hours(70);
    let setting = |password: &str| ResetPasswordRequest { token: mail.secret.clone(), password: password.to_owned() };
    assert_eq!(refusal(nobody.reset_password(setting("short")).await), ["PASSWORD_TOO_SHORT at password"]);
    nobody.reset_password(setting(PASSWORD)).await.unwrap();
    assert_eq!(refusal(nobody.reset_password(setting("another-kettle-5")).await), ["LINK_UNKNOWN"]);
    let session = nobody.sign_in(signing_in("kenji@example.org", PASSWORD, "")).await.unwrap().into_inner();
    assert!(session.account.as_ref().unwrap().email_verified);
    let mut own = client(&world, owner(&session));
    let consents = own.list_consents(ListConsentsRequest {}).await.unwrap().into_inner().consents;
    assert!(consents[0].at_desk, "{consents:?}");
    world.end().await;

    let slow = [
        ("identity.password.memory_kib", 64.into()),
        ("identity.password.iterations", 1.into()),
        ("identity.client_search.free_attempts", 1.into()),
    ];
    let world = chassis::testing::Alone::start_with::<identity::Identity>(coverage, &slow).await;
    let mut manager = client(&world, people::manager());
    assert_eq!(refusal(manager.find_client(by_email("a@example.org")).await), ["CLIENT_UNKNOWN at email"]);
    assert_eq!(refusal(manager.find_client(by_email("b@example.org")).await), ["CLIENT_SEARCH_SLOWED"]);
    assert_eq!(refusal(manager.open_client_account(opening("b@example.org")).await), ["CLIENT_SEARCH_SLOWED"]);
    world.end().await;
}

pub async fn consents_are_given_shown_and_withdrawn(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let text = nobody.get_consent_text(GetConsentTextRequest {}).await.unwrap().into_inner();
    assert!(text.version == 1 && !text.text.unwrap().kk.is_empty());
    for (consent_version, told) in [(0, "CONSENT_MISSING at consent"), (7, "CONSENT_CHANGED at consent")] {
        let refused = nobody.sign_up(SignUpRequest { consent_version, ..form("aigerim@example.org") }).await;
        assert_eq!(refusal(refused), [told]);
    }
    let session = signed_up(&mut nobody, "aigerim@example.org").await;
    let mut own = client(&world, owner(&session));
    let given = own.list_consents(ListConsentsRequest {}).await.unwrap().into_inner().consents;
    let [consent] = &given[..] else { panic!("{given:?}") };
    assert_eq!((consent.purpose.as_str(), consent.text_version, consent.term_days), ("account", 1, 30));
    assert_eq!((consent.client.as_str(), consent.at_desk, consent.withdrawn_at_micros), ("192.0.*.*", false, 0));
    assert_eq!(own.take_own_data(TakeOwnDataRequest {}).await.unwrap().into_inner().consents, given);
    assert_eq!(refusal(nobody.list_consents(ListConsentsRequest {}).await), ["NOT_SIGNED_IN"]);
    let mut stranger = client(&world, people::stranger());
    assert!(stranger.list_consents(ListConsentsRequest {}).await.unwrap().into_inner().consents.is_empty());
    own.close_account(CloseAccountRequest { password: PASSWORD.to_owned() }).await.unwrap();
    let after = own.list_consents(ListConsentsRequest {}).await.unwrap().into_inner().consents;
    assert!(after[0].withdrawn_at_micros > 0);
    world.end().await;
}

pub async fn admins_learn_whom_to_tell(coverage: &Coverage) {
    let world = start(coverage).await;
    let account = signed_up(&mut client(&world, Actor::Anonymous), "aigerim@example.org").await.account.unwrap();
    let asked = |ids: Vec<String>| ListAccountHoldersRequest { account_ids: ids };
    for denied in [people::manager(), people::supervisor(), people::applicant()] {
        let refused = client(&world, denied).list_account_holders(asked(vec![account.id.clone()])).await;
        assert_eq!(refusal(refused), ["NOT_PERMITTED"]);
    }
    let mut admin = client(&world, people::admin());
    let both = asked(vec![account.id.clone(), "acc_0".to_owned()]);
    let found = admin.list_account_holders(both).await.unwrap().into_inner().holders;
    assert_eq!((found.len(), found[0].email.as_str()), (1, "aigerim@example.org"));
    assert_eq!(refusal(admin.list_account_holders(asked(vec![account.id; 1001])).await), ["MALFORMED"]);
    assert_eq!(world.audited("ACCOUNT_HOLDERS_READ").await, 1);
    world.end().await;
}
