//! identity alone: every RPC, every refusal, every fact.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail where it stands")]

mod accounts;
mod closing;
mod desk;
mod links;
mod papers;
mod programs;
mod saved;
mod sessions;
mod staff;
mod teams;

use chassis::testing::{Alone, Caller, Coverage};
use identity::Identity;
use kernel::Actor;
use proto::identity::v1::{AccountKind, Session, SignInRequest, SignUpRequest, identity_client::IdentityClient};

const PASSWORD: &str = "violet-teapot";

#[tokio::test]
async fn identity_alone_keeps_its_whole_contract() {
    let coverage = Coverage::default();
    // Each on the heap: all of them together are too much for the stack of a test.
    Box::pin(accounts::a_person_or_a_company_signs_up(&coverage)).await;
    Box::pin(accounts::a_password_is_none_that_is_guessed_first(&coverage)).await;
    Box::pin(accounts::a_repeated_sign_up_has_one_effect_and_the_same_answer(&coverage)).await;
    Box::pin(accounts::the_own_account_is_read_and_changed(&coverage)).await;
    Box::pin(accounts::addresses_are_told_to_services_only(&coverage)).await;
    Box::pin(links::an_address_is_verified_by_a_link_once(&coverage)).await;
    Box::pin(links::letters_are_asked_for_in_measure_and_expire(&coverage)).await;
    Box::pin(links::a_forgotten_password_is_reset_once(&coverage)).await;
    Box::pin(links::a_reset_is_nobody_elses_way_in(&coverage)).await;
    Box::pin(links::the_own_password_is_changed_by_who_knows_it(&coverage)).await;
    Box::pin(links::who_signs_in_with_the_old_password_meanwhile_is_out(&coverage)).await;
    Box::pin(links::an_address_changes_when_the_new_one_answers(&coverage)).await;
    Box::pin(links::another_phone_takes_its_code(&coverage)).await;
    Box::pin(sessions::a_session_is_exchanged_until_it_ends(&coverage)).await;
    Box::pin(sessions::guessing_is_slowed_and_tells_nothing(&coverage)).await;
    Box::pin(sessions::sessions_are_known_again_and_ended(&coverage)).await;
    Box::pin(sessions::guesses_side_by_side_learn_no_more(&coverage)).await;
    Box::pin(sessions::an_owner_at_a_known_place_is_not_locked_out(&coverage)).await;
    Box::pin(sessions::a_token_is_proved_by_the_published_keys(&coverage)).await;
    Box::pin(programs::a_refresh_token_answers_one_successor(&coverage)).await;
    Box::pin(programs::a_service_account_has_its_scopes_until_it_is_revoked(&coverage)).await;
    Box::pin(programs::a_service_of_ours_shows_its_secret(&coverage)).await;
    Box::pin(staff::staff_come_by_invitation(&coverage)).await;
    Box::pin(staff::an_invitation_is_good_once_and_for_a_while(&coverage)).await;
    Box::pin(staff::a_disabled_account_is_out_at_once(&coverage)).await;
    Box::pin(staff::roles_change_at_once_and_an_account_comes_back(&coverage)).await;
    Box::pin(desk::staff_find_a_client_and_open_an_account(&coverage)).await;
    Box::pin(desk::consents_are_given_shown_and_withdrawn(&coverage)).await;
    Box::pin(desk::admins_learn_whom_to_tell(&coverage)).await;
    Box::pin(teams::supervisors_manage_the_managers_of_their_team(&coverage)).await;
    Box::pin(saved::saved_persons_are_their_owners_alone(&coverage)).await;
    Box::pin(saved::what_is_saved_is_bounded(&coverage)).await;
    Box::pin(saved::own_data_is_taken_whole_and_in_measure(&coverage)).await;
    Box::pin(closing::a_closed_account_ends_at_once_and_is_erased_later(&coverage)).await;
    Box::pin(closing::staff_do_not_close_their_accounts(&coverage)).await;
    Box::pin(papers::papers_are_kept_for_their_owner_alone(&coverage)).await;
    Box::pin(papers::a_company_keeps_its_own_papers(&coverage)).await;
    coverage.assert_complete(identity::REFUSALS);
}

type Client = IdentityClient<Caller>;

fn client(world: &Alone, actor: Actor) -> Client {
    IdentityClient::new(world.by(actor))
}

/// identity with hashes that cost little.
async fn start(coverage: &Coverage) -> Alone {
    let cheap = [("identity.password.memory_kib", 64.into()), ("identity.password.iterations", 1.into())];
    Alone::start_with::<Identity>(coverage, &cheap).await
}

fn form(email: &str) -> SignUpRequest {
    let [given_name, surname, phone, locale] = ["Әйгерім", "Нұрланқызы", "87011234567", "kk"].map(str::to_owned);
    SignUpRequest {
        kind: AccountKind::Person.into(),
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        given_name,
        surname,
        phone,
        locale,
        company_name: String::new(),
        bin: String::new(),
        client_address: "192.0.2.7".to_owned(),
        device: "Firefox, Linux".to_owned(),
        consent_version: 1,
    }
}

fn signing_in(email: &str, password: &str, address: &str) -> SignInRequest {
    SignInRequest {
        email: email.to_owned(),
        password: password.to_owned(),
        client_address: address.to_owned(),
        device: "Chrome, Android".to_owned(),
    }
}

async fn signed_up(client: &mut Client, email: &str) -> Session {
    client.sign_up(form(email)).await.unwrap().into_inner()
}

/// The person behind an account that was just made.
fn owner(session: &Session) -> Actor {
    let account = session.account.as_ref().unwrap();
    chassis::testing::people::person(account.id.parse().unwrap(), &[kernel::Role::Applicant])
}
