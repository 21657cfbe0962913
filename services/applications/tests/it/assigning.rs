//! Whose hands a case goes through, and that approval never forgets who spoke for it.

use chassis::{
    demo,
    testing::{Coverage, people, refusal},
};
use kernel::{AccountId, Actor, Role};
use proto::applications::v1::{
    Application, ApplicationAssigned, AssignApplicationRequest, CancelApplicationRequest, CountWorkRequest,
    GetApplicationRequest, State,
};

use super::{
    Client, case, client, seen, start,
    steps::{filled, in_review, recommended, submitting},
};

fn giving(of: &Application, to: AccountId, reason: &str) -> AssignApplicationRequest {
    AssignApplicationRequest {
        number: of.number,
        version: of.version,
        account_id: to.to_string(),
        reason: reason.to_owned(),
    }
}

fn other_manager() -> Actor {
    people::person(demo::MANAGERS[1], &[Role::Manager])
}

async fn counted(client: &mut Client, list: &str) -> Option<u64> {
    let lists = client.count_work(CountWorkRequest {}).await.unwrap().into_inner().lists;
    lists.iter().find(|known| known.list == list).map(|known| known.count)
}

pub async fn a_case_goes_from_hand_to_hand(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut supervisor, mut manager) = (client(&world, people::supervisor()), client(&world, people::manager()));
    let (mut other, mut applicant) = (client(&world, other_manager()), client(&world, people::applicant()));
    let found = in_review(&world, 1).await;
    let [first, second] = [demo::MANAGERS[0], demo::MANAGERS[1]];
    let own = manager.assign_application(giving(&found, second, "I am busy")).await;
    assert_eq!(refusal(own), ["NOT_PERMITTED"]);
    let silent = supervisor.assign_application(giving(&found, second, " ")).await;
    assert_eq!(refusal(silent), ["REASON_MISSING at reason"]);
    let nobody = AssignApplicationRequest { account_id: "somebody".to_owned(), ..giving(&found, second, "why") };
    assert_eq!(refusal(supervisor.assign_application(nobody).await), ["ASSIGNEE_UNKNOWN at account_id"]);

    for (unfit, told) in [
        (demo::FINANCE, "ASSIGNEE_UNFIT at account_id"),
        (demo::MANAGERS[2], "ASSIGNEE_UNFIT at account_id"),
        (demo::APPLICANTS[1], "ASSIGNEE_UNKNOWN at account_id"),
    ] {
        assert_eq!(refusal(supervisor.assign_application(giving(&found, unfit, "why")).await), [told]);
    }

    let given = supervisor.assign_application(giving(&found, second, "on leave")).await.unwrap().into_inner();
    assert_eq!((given.state(), given.assigned_to.clone()), (State::InReview, second.to_string()));
    let row = given.timeline.last().unwrap();
    let hands = (row.action.as_str(), row.from_account.clone(), row.to_account.clone(), row.reason.as_str());
    assert_eq!(hands, ("ASSIGNED", first.to_string(), second.to_string(), "on leave"));
    let told = world.published::<ApplicationAssigned>().await;
    assert_eq!(told[0].by_id, demo::SUPERVISOR.to_string());
    assert_eq!(
        (told[0].manager_id.clone(), told[0].former_manager_id.clone()),
        (second.to_string(), first.to_string())
    );
    // The same once more changes nothing; who had it does not see it any more; the applicant is not told of it.
    let again = supervisor.assign_application(giving(&given, second, "on leave")).await.unwrap().into_inner();
    assert_eq!((again.version, again.timeline.len()), (given.version, given.timeline.len()));
    let former = manager.get_application(GetApplicationRequest { number: found.number }).await;
    assert_eq!(refusal(former), ["NOT_FOUND"]);
    let shown = seen(&mut applicant, found.number).await;
    assert!(shown.timeline.iter().all(|row| row.action != "ASSIGNED") && shown.assigned_to.is_empty());

    // Given back it is the pool's, in the state where it stands.
    assert_eq!(refusal(other.release_application(case(&given, "")).await), ["REASON_MISSING at reason"]);
    let pool = other.release_application(case(&given, "not my language")).await.unwrap().into_inner();
    assert_eq!((pool.state(), pool.assigned_to.as_str()), (State::InReview, ""));
    assert!(pool.allowed.iter().any(|name| name == "ClaimApplication"));
    assert_eq!(world.published::<ApplicationAssigned>().await[1].manager_id, "");
    let not_his = manager.release_application(case(&pool, "why")).await;
    assert_eq!(refusal(not_his), ["NOT_CLAIMED_BY_YOU"]);
    assert_eq!((counted(&mut manager, "pool").await, counted(&mut manager, "mine").await), (Some(1), Some(0)));
    let taken = manager.claim_application(case(&pool, "")).await.unwrap().into_inner();
    assert_eq!((taken.state(), taken.assigned_to.clone()), (State::InReview, first.to_string()));
    assert_eq!((counted(&mut manager, "pool").await, counted(&mut manager, "mine").await), (Some(0), Some(1)));
    assert_eq!(counted(&mut other, "new").await, Some(0));
    let draft = filled(&mut applicant, 1).await;
    let filed = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    assert_eq!((counted(&mut supervisor, "new").await, counted(&mut supervisor, "pool").await), (Some(1), Some(1)));
    assert_eq!(refusal(applicant.count_work(CountWorkRequest {}).await), ["NOT_PERMITTED"]);

    // A new case may be given without a word; what has ended is nobody's any more.
    let given = supervisor.assign_application(giving(&filed, second, "")).await.unwrap().into_inner();
    assert_eq!(given.state(), State::New);
    let ending =
        CancelApplicationRequest { number: given.number, version: given.version, reason: "asked for".to_owned() };
    let ended = supervisor.cancel_application(ending).await.unwrap().into_inner();
    assert_eq!(refusal(supervisor.assign_application(giving(&ended, first, "x")).await), ["MOVE_NOT_ALLOWED"]);
    assert_eq!(refusal(supervisor.release_application(case(&ended, "x")).await), ["MOVE_NOT_ALLOWED"]);
    world.end().await;
}

pub async fn who_recommended_never_approves(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut supervisor = client(&world, people::supervisor());
    let found = recommended(&world, 1).await;
    // He spoke for it, was sent back, gave it away; another speaks for it now.
    let back = supervisor.send_back_to_review(case(&found, "look again")).await.unwrap().into_inner();
    let given = supervisor.assign_application(giving(&back, demo::MANAGERS[1], "on leave")).await.unwrap().into_inner();
    let again = client(&world, other_manager()).recommend_approval(case(&given, "")).await.unwrap().into_inner();
    let mut both = client(&world, people::person(demo::MANAGERS[0], &[Role::Manager, Role::Supervisor]));
    assert!(seen(&mut both, again.number).await.allowed.iter().all(|name| name != "ApproveApplication"));
    assert_eq!(refusal(both.approve_application(case(&again, "")).await), ["FOUR_EYES"]);
    let approved = supervisor.approve_application(case(&again, "")).await.unwrap().into_inner();
    assert_eq!(approved.state(), State::AwaitingPayment);
    world.end().await;
}
