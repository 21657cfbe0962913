//! Staff: invited, listed, disabled.

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::identity::v1::{
    AcceptInvitationRequest, ChangeRolesRequest, DisableAccountRequest, EnableAccountRequest,
    EndAccountSessionsRequest, ExchangeSessionRequest, GetAccountRequest, GetContactRequest, InviteStaffRequest,
    InviteStaffResponse, LetterDue, ListColleaguesRequest, ListStaffContactsRequest, ListStaffRequest,
    PrepareLetterRequest, RevokeServiceAccountRequest, RolesChanged, StaffInvited, UserDisabled, UserRegistered,
    identity_client::IdentityClient,
};

use super::{Client, PASSWORD, client, signed_up, signing_in, start};

pub const STAFF_PASSWORD: &str = "a-longer-violet-teapot";

pub fn inviting(email: &str, roles: &[&str]) -> InviteStaffRequest {
    let [email, given_name, surname] = [email, "Dana", "Omarova"].map(str::to_owned);
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    InviteStaffRequest { email, given_name, surname, roles, team: String::new() }
}

pub fn accepting(invitation: &InviteStaffResponse, password: &str) -> AcceptInvitationRequest {
    let [password, given_name, surname, locale] = [password, "Dana", "Omarova", "ru"].map(str::to_owned);
    AcceptInvitationRequest {
        token: invitation.token.clone(),
        password,
        given_name,
        surname,
        locale,
        ..AcceptInvitationRequest::default()
    }
}

pub async fn invited(admin: &mut Client, email: &str, roles: &[&str]) -> InviteStaffResponse {
    admin.invite_staff(inviting(email, roles)).await.unwrap().into_inner()
}

pub async fn staff_come_by_invitation(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let mut nobody = client(&world, Actor::Anonymous);
    for roles in [&[][..], &["applicant"], &["manager", "king"]] {
        let refused = admin.invite_staff(inviting("dana@example.org", roles)).await;
        assert_eq!(refusal(refused), ["ROLE_UNKNOWN at roles"]);
    }
    let denied = client(&world, people::manager()).invite_staff(inviting("dana@example.org", &["manager"])).await;
    assert_eq!(refusal(denied), ["NOT_PERMITTED"]);
    let invitation = invited(&mut admin, "dana@example.org", &["manager", "supervisor"]).await;
    assert_eq!(world.published::<StaffInvited>().await[0].invitation_id, invitation.invitation_id);
    let short = nobody.accept_invitation(accepting(&invitation, PASSWORD)).await;
    assert_eq!(refusal(short), ["PASSWORD_TOO_SHORT at password"]);
    let session = nobody.accept_invitation(accepting(&invitation, STAFF_PASSWORD)).await.unwrap().into_inner();
    let account = session.account.unwrap();
    assert_eq!((account.email.as_str(), account.roles.len()), ("dana@example.org", 2));
    assert_eq!(world.published::<UserRegistered>().await.len(), 1);
    let taken = admin.invite_staff(inviting("dana@example.org", &["finance"])).await;
    assert_eq!(refusal(taken), ["EMAIL_IN_USE at email"]);
    signed_up(&mut nobody, "aigerim@example.org").await;
    let staff = admin.list_staff(ListStaffRequest {}).await.unwrap().into_inner();
    assert_eq!(staff.accounts.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), [account.id.as_str()]);
    let named = client(&world, people::manager()).list_colleagues(ListColleaguesRequest {}).await.unwrap().into_inner();
    let mut names: Vec<_> = named.colleagues.iter().map(|colleague| colleague.account_id.as_str()).collect();
    names.sort_unstable();
    let mut all: Vec<_> = staff.accounts.iter().map(|account| account.id.as_str()).collect();
    all.sort_unstable();
    assert_eq!(names, all);
    let asked = client(&world, people::applicant()).list_colleagues(ListColleaguesRequest {}).await;
    assert_eq!(refusal(asked), ["NOT_PERMITTED"]);
    let lists = client(&world, people::supervisor()).list_staff(ListStaffRequest {}).await.unwrap().into_inner();
    assert!(lists.accounts.is_empty(), "a supervisor without a team has nobody to look after");
    let lists = client(&world, people::manager()).list_staff(ListStaffRequest {}).await;
    assert_eq!(refusal(lists), ["NOT_PERMITTED"]);
    let mut notifications = client(&world, people::service("notifications"));
    for (role, count) in [("supervisor", 1), ("finance", 0)] {
        let asked = ListStaffContactsRequest { role: role.to_owned() };
        assert_eq!(notifications.list_staff_contacts(asked).await.unwrap().into_inner().contacts.len(), count);
    }
    let unknown = ListStaffContactsRequest { role: "king".to_owned() };
    assert_eq!(refusal(notifications.list_staff_contacts(unknown.clone()).await), ["MALFORMED"]);
    assert_eq!(refusal(admin.list_staff_contacts(unknown).await), ["NOT_PERMITTED"]);
    world.end().await;
}

pub async fn an_invitation_is_good_once_and_for_a_while(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let mut nobody = client(&world, Actor::Anonymous);
    let invitation = invited(&mut admin, "dana@example.org", &["manager"]).await;
    // The answer was lost: under its key the same session is answered.
    let mut keyed = IdentityClient::new(world.by(Actor::Anonymous).with_key("0190-1"));
    let first = keyed.accept_invitation(accepting(&invitation, STAFF_PASSWORD)).await.unwrap().into_inner();
    let again = keyed.accept_invitation(accepting(&invitation, STAFF_PASSWORD)).await.unwrap().into_inner();
    assert_eq!(again, first);
    let used = nobody.accept_invitation(accepting(&invitation, STAFF_PASSWORD)).await;
    assert_eq!(refusal(used), ["INVITATION_UNKNOWN"]);
    let late = invited(&mut admin, "erlan@example.org", &["manager"]).await;
    world.pass_hours(73);
    assert_eq!(refusal(nobody.accept_invitation(accepting(&late, STAFF_PASSWORD)).await), ["INVITATION_UNKNOWN"]);
    // The very first admin names his own address.
    let token = identity::first_admin(&world.context).await.unwrap().unwrap();
    assert_eq!(identity::first_admin(&world.context).await.unwrap(), None);
    let link = InviteStaffResponse { token, ..InviteStaffResponse::default() };
    let nameless = nobody.accept_invitation(accepting(&link, STAFF_PASSWORD)).await;
    assert_eq!(refusal(nameless), ["EMAIL_MALFORMED at email"]);
    let named = AcceptInvitationRequest { email: "first@example.org".to_owned(), ..accepting(&link, STAFF_PASSWORD) };
    let account = nobody.accept_invitation(named).await.unwrap().into_inner().account.unwrap();
    assert_eq!(account.roles, ["admin"]);
    world.end().await;
}

pub async fn a_disabled_account_is_out_at_once(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let mut nobody = client(&world, Actor::Anonymous);
    let session = signed_up(&mut nobody, "aigerim@example.org").await;
    let id = session.account.unwrap().id;
    let disabling = |id: &str| DisableAccountRequest { account_id: id.to_owned(), reason: "left".to_owned() };
    let own = chassis::demo::ADMIN.to_string();
    assert_eq!(refusal(admin.disable_account(disabling(&own)).await), ["OWN_ACCOUNT"]);
    assert_eq!(refusal(admin.disable_account(disabling("acc_0")).await), ["NOT_FOUND"]);
    let denied = client(&world, people::manager()).disable_account(disabling(&id)).await;
    assert_eq!(refusal(denied), ["NOT_PERMITTED"]);
    for _ in 0..2 {
        admin.disable_account(disabling(&id)).await.unwrap();
    }
    assert_eq!(world.published::<UserDisabled>().await.len(), 1);
    let exchanged = nobody.exchange_session(ExchangeSessionRequest { session: session.session }).await;
    assert_eq!(refusal(exchanged), ["NOT_SIGNED_IN"]);
    let signs_in = nobody.sign_in(signing_in("aigerim@example.org", PASSWORD, "")).await;
    assert_eq!(refusal(signs_in), ["CREDENTIALS_WRONG"]);
    let mut notifications = client(&world, people::service("notifications"));
    let contact = notifications.get_contact(GetContactRequest { account_id: id }).await.unwrap().into_inner();
    assert!(contact.disabled);
    let letters = world.published::<LetterDue>().await;
    let disabled = letters.iter().find(|letter| letter.kind == "account_disabled").unwrap();
    for (letter, told) in [(disabled, None), (&letters[0], Some("NOT_FOUND"))] {
        let asked = PrepareLetterRequest { letter_id: letter.letter_id.clone() };
        let answer = notifications.prepare_letter(asked).await;
        assert_eq!(answer.is_ok(), told.is_none(), "{}", letter.kind);
    }
    world.end().await;
}

/// Would have found: a role that still writes after it was taken, an admin who makes himself more, an account that stays
/// shut, a device that stays signed in.
pub async fn roles_change_at_once_and_an_account_comes_back(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let mut nobody = client(&world, Actor::Anonymous);
    let invitation = invited(&mut admin, "dana@example.org", &["admin", "manager"]).await;
    let joined = nobody.accept_invitation(accepting(&invitation, STAFF_PASSWORD)).await.unwrap().into_inner();
    let dana = joined.account.unwrap();
    let applicant = signed_up(&mut nobody, "aigerim@example.org").await.account.unwrap();
    let changing = |id: &str, roles: &[&str]| ChangeRolesRequest {
        account_id: id.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    let own = chassis::demo::ADMIN.to_string();
    assert_eq!(refusal(admin.change_roles(changing(&own, &["finance"])).await), ["OWN_ACCOUNT"]);
    assert_eq!(refusal(admin.change_roles(changing(&applicant.id, &["manager"])).await), ["NOT_FOUND"]);
    for roles in [&[][..], &["applicant"], &["king"]] {
        assert_eq!(refusal(admin.change_roles(changing(&dana.id, roles)).await), ["ROLE_UNKNOWN at roles"]);
    }
    let former = people::person(dana.id.parse().unwrap(), &[kernel::Role::Admin, kernel::Role::Manager]);
    client(&world, former.clone()).get_account(GetAccountRequest {}).await.unwrap();
    for _ in 0..2 {
        admin.change_roles(changing(&dana.id, &["manager", "manager"])).await.unwrap();
    }
    let told = world.published::<RolesChanged>().await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].account_id.as_str(), told[0].roles.as_slice()),
        (dana.id.as_str(), &["manager".to_owned()][..])
    );
    // The token of a minute ago says "admin" still.
    let mut late = client(&world, former);
    let revoked = late.revoke_service_account(RevokeServiceAccountRequest { id: "svc_0".to_owned() }).await;
    assert_eq!(refusal(revoked), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(late.get_account(GetAccountRequest {}).await), ["NOT_SIGNED_IN"]);
    let exchanged = |session: &str| ExchangeSessionRequest { session: session.to_owned() };
    assert_eq!(refusal(nobody.exchange_session(exchanged(&joined.session)).await), ["NOT_SIGNED_IN"]);
    let again = nobody.sign_in(signing_in("dana@example.org", STAFF_PASSWORD, "")).await.unwrap().into_inner();
    assert_eq!(again.account.unwrap().roles, ["manager"]);
    let ending = || EndAccountSessionsRequest { account_id: dana.id.clone() };
    admin.end_account_sessions(ending()).await.unwrap();
    assert_eq!(refusal(nobody.exchange_session(exchanged(&again.session)).await), ["NOT_SIGNED_IN"]);
    let disabling = DisableAccountRequest { account_id: dana.id.clone(), reason: String::new() };
    admin.disable_account(disabling).await.unwrap();
    let shut = nobody.sign_in(signing_in("dana@example.org", STAFF_PASSWORD, "")).await;
    assert_eq!(refusal(shut), ["CREDENTIALS_WRONG"]);
    let enabling = || EnableAccountRequest { account_id: dana.id.clone() };
    for _ in 0..2 {
        admin.enable_account(enabling()).await.unwrap();
    }
    nobody.sign_in(signing_in("dana@example.org", STAFF_PASSWORD, "")).await.unwrap();
    // Each time the owner is told, also when nobody signs in with the account any more.
    let letters = world.published::<LetterDue>().await;
    let mut told = Vec::new();
    for letter in letters.iter().filter(|letter| letter.account_id == dana.id && letter.kind != "verify_email") {
        told.push(letter.kind.as_str());
        let asked = PrepareLetterRequest { letter_id: letter.letter_id.clone() };
        let mut notifications = client(&world, people::service("notifications"));
        assert_eq!(notifications.prepare_letter(asked).await.unwrap().into_inner().email, "dana@example.org");
    }
    assert_eq!(told, ["roles_changed", "account_disabled", "account_enabled"]);
    for (action, count) in [("ROLES_CHANGED", 1), ("ACCOUNT_ENABLED", 1), ("SESSIONS_ENDED", 1)] {
        assert_eq!(world.audited(action).await, count, "{action}");
    }
    let mut supervisor = client(&world, people::supervisor());
    for denied in [
        refusal(supervisor.change_roles(changing(&dana.id, &["admin"])).await),
        refusal(supervisor.end_account_sessions(ending()).await),
    ] {
        assert_eq!(denied, ["NOT_PERMITTED"]);
    }
    world.end().await;
}
