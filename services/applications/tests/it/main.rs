//! applications alone: every RPC, every refusal, every fact.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

mod assigning;
mod cancelling;
mod catalogue;
mod desk;
mod drafts;
mod lists;
mod managing;
mod papers;
mod reports;
mod retention;
mod review;
mod steps;
mod terms;
mod threads;
mod visits;

use applications::Applications;
use chassis::{
    demo,
    testing::{Alone, Caller, Coverage, people},
};
use kernel::{AccountId, Actor};
use proto::{
    applications::v1::{
        Application, CaseCommand, CreateApplicationRequest, GetApplicationRequest,
        applications_client::ApplicationsClient,
    },
    billing::v1::PaymentStatusChanged,
    identity::v1::{self as identity, Colleague, FindClientRequest, ListColleaguesRequest, ListColleaguesResponse},
};

#[tokio::test]
async fn applications_alone_keeps_its_whole_contract() {
    let coverage = Coverage::default();
    // Each on the heap: all of them together are too much for the stack of a test.
    Box::pin(lists::the_catalogue_and_the_offer_are_public(&coverage)).await;
    Box::pin(catalogue::a_quote_counts_as_an_application_does(&coverage)).await;
    Box::pin(catalogue::a_price_counts_from_its_day_on(&coverage)).await;
    Box::pin(catalogue::an_edition_passes_the_files_check(&coverage)).await;
    Box::pin(catalogue::members_have_a_price_of_their_own(&coverage)).await;
    Box::pin(catalogue::two_editors_do_not_overwrite_each_other(&coverage)).await;
    Box::pin(catalogue::the_catalogue_goes_out_and_comes_in_as_files(&coverage)).await;
    Box::pin(catalogue::forms_and_papers_follow_the_answers(&coverage)).await;
    Box::pin(drafts::a_draft_is_opened_for_what_the_catalogue_has(&coverage)).await;
    Box::pin(desk::staff_file_for_a_client_by_his_mandate(&coverage)).await;
    Box::pin(desk::who_filed_a_case_does_not_approve_it(&coverage)).await;
    Box::pin(desk::a_client_goes_on_himself(&coverage)).await;
    Box::pin(drafts::services_are_checked_line_by_line(&coverage)).await;
    Box::pin(drafts::membership_is_what_the_registry_says(&coverage)).await;
    Box::pin(drafts::everything_missing_is_told_at_its_field(&coverage)).await;
    Box::pin(drafts::the_offer_in_force_is_accepted(&coverage)).await;
    Box::pin(drafts::a_person_saved_again_under_its_key_is_there_once(&coverage)).await;
    Box::pin(papers::a_file_is_what_its_content_says(&coverage)).await;
    Box::pin(papers::papers_go_with_their_person(&coverage)).await;
    Box::pin(papers::papers_keep_their_versions_and_results_are_given(&coverage)).await;
    Box::pin(papers::what_an_ended_case_held_is_erased_after_its_term(&coverage)).await;
    Box::pin(retention::a_draft_that_nobody_touches_is_erased(&coverage)).await;
    Box::pin(retention::whom_a_breach_concerns_is_told_to_admins(&coverage)).await;
    Box::pin(retention::approved_papers_stay_the_same(&coverage)).await;
    Box::pin(papers::papers_may_be_kept_in_s3_storage(&coverage)).await;
    Box::pin(review::a_case_is_returned_and_comes_back(&coverage)).await;
    Box::pin(review::a_mark_is_answered_by_a_word_or_another_file(&coverage)).await;
    Box::pin(review::only_a_supervisor_returns_beyond_the_limit(&coverage)).await;
    Box::pin(review::papers_are_judged_one_by_one(&coverage)).await;
    Box::pin(review::approval_takes_four_eyes(&coverage)).await;
    Box::pin(assigning::a_case_goes_from_hand_to_hand(&coverage)).await;
    Box::pin(assigning::who_recommended_never_approves(&coverage)).await;
    Box::pin(threads::both_sides_write_to_each_other(&coverage)).await;
    Box::pin(threads::notes_are_the_staffs_alone(&coverage)).await;
    Box::pin(threads::a_thread_has_an_end(&coverage)).await;
    Box::pin(visits::payment_opens_the_hand_over(&coverage)).await;
    Box::pin(visits::a_free_case_needs_no_payment(&coverage)).await;
    Box::pin(visits::a_case_goes_to_its_end(&coverage)).await;
    Box::pin(visits::originals_come_paper_by_paper(&coverage)).await;
    Box::pin(visits::papers_go_to_the_state_body_and_it_may_want_more(&coverage)).await;
    Box::pin(visits::visits_are_shown_as_they_were_told_last(&coverage)).await;
    Box::pin(managing::a_personal_manager_tells_what_he_has_done(&coverage)).await;
    Box::pin(cancelling::an_applicant_gives_up(&coverage)).await;
    Box::pin(cancelling::money_is_never_dropped(&coverage)).await;
    Box::pin(terms::terms_follow_the_holidays(&coverage)).await;
    Box::pin(terms::a_step_that_takes_too_long_is_told_once(&coverage)).await;
    Box::pin(terms::what_is_not_corrected_expires_after_two_reminders(&coverage)).await;
    Box::pin(terms::the_end_of_an_invoice_overtakes_older_news(&coverage)).await;
    Box::pin(terms::an_unpaid_case_is_renewed_at_todays_price(&coverage)).await;
    Box::pin(reports::open_cases_are_counted_with_their_age(&coverage)).await;
    Box::pin(lists::each_sees_his_own_list(&coverage)).await;
    Box::pin(lists::the_same_person_twice_is_told(&coverage)).await;
    Box::pin(lists::staff_find_a_case_by_what_they_know(&coverage)).await;
    coverage.assert_complete(applications::REFUSALS);
}

type Client = ApplicationsClient<Caller>;

fn client(world: &Alone, actor: Actor) -> Client {
    ApplicationsClient::new(world.by(actor))
}

async fn start(coverage: &Coverage) -> Alone {
    let world = Alone::start::<Applications>(coverage).await;
    know_people(&world);
    world
}

/// identity knows the demo's people; one manager is disabled.
fn know_people(world: &Alone) {
    world.fakes.on("identity.Identity/ListColleagues", |_: ListColleaguesRequest| {
        let colleague = |id: AccountId, role: &str, disabled| Colleague {
            account_id: id.to_string(),
            name: format!("Aida {}{}", role[..1].to_uppercase(), &role[1..]),
            roles: vec![role.to_owned()],
            disabled,
            ..Colleague::default()
        };
        let [first, second, third] = demo::MANAGERS;
        let colleagues = vec![
            colleague(first, "manager", false),
            colleague(second, "manager", false),
            colleague(third, "manager", true),
            colleague(demo::SUPERVISOR, "supervisor", false),
            colleague(demo::FINANCE, "finance", false),
        ];
        Ok(ListColleaguesResponse { colleagues })
    });
    world.fakes.on("identity.Identity/FindClient", |asked: FindClientRequest| {
        let known = demo::APPLICANTS.iter().any(|id| id.to_string() == asked.account_id);
        let client = identity::Client { account_id: asked.account_id, ..identity::Client::default() };
        if known { Ok(client) } else { Err(tonic::Status::not_found("nobody")) }
    });
}

async fn create(client: &mut Client, services: &[&str]) -> Application {
    let services = services.iter().map(|code| (*code).to_owned()).collect();
    let request =
        CreateApplicationRequest { r#type: "expat_centre".to_owned(), services, ..CreateApplicationRequest::default() };
    client.create_application(request).await.unwrap().into_inner()
}

async fn seen(client: &mut Client, number: i64) -> Application {
    client.get_application(GetApplicationRequest { number }).await.unwrap().into_inner()
}

fn case(of: &Application, reason: &str) -> CaseCommand {
    CaseCommand { number: of.number, version: of.version, reason: reason.to_owned() }
}

fn paid(number: i64, status: &str) -> PaymentStatusChanged {
    PaymentStatusChanged {
        application_number: number,
        account_id: people::applicant().account().unwrap().to_string(),
        status: status.to_owned(),
        ..PaymentStatusChanged::default()
    }
}
