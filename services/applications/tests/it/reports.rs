//! Where open cases stand and since when.

use chassis::{
    demo,
    testing::{Coverage, people, refusal},
};
use kernel::{Actor, Role};
use proto::applications::v1::{GetWorkReportRequest, OpenCases, WorkReport};

use super::{
    Client, client, start,
    steps::{filed, in_review},
};

fn days(since: &str, until: &str) -> GetWorkReportRequest {
    GetWorkReportRequest { since: since.to_owned(), until: until.to_owned() }
}

async fn november(by: &mut Client) -> WorkReport {
    by.get_work_report(days("2026-11-01", "2026-11-30")).await.unwrap().into_inner()
}

fn told(cases: &[OpenCases]) -> Vec<(&str, u64, u32, u32)> {
    cases.iter().map(|of| (of.name.as_str(), of.count, of.oldest_days, of.average_days)).collect()
}

/// Would have found: a manager who reads his colleagues' work, ages of what has ended, a draft that counts as filed.
pub async fn open_cases_are_counted_with_their_age(coverage: &Coverage) {
    let world = start(coverage).await;
    let found = in_review(&world, 1).await;
    world.pass_hours(48);
    filed(&world, 2).await;
    world.pass_hours(24);
    let (mut manager, mut supervisor) = (client(&world, people::manager()), client(&world, people::supervisor()));
    let all = november(&mut supervisor).await;
    assert_eq!(told(&all.states), [("NEW", 1, 1, 1), ("IN_REVIEW", 1, 3, 3)]);
    let holder = demo::MANAGERS[0].to_string();
    assert_eq!(told(&all.managers), [("", 1, 1, 1), (holder.as_str(), 1, 3, 3)]);
    assert_eq!((all.services[0].filed, all.services[0].completed), (2, 0));
    let own = november(&mut manager).await;
    assert_eq!((told(&own.states), own.managers.len()), (vec![("IN_REVIEW", 1, 3, 3)], 1));
    let rejecting = super::case(&found, "not complete");
    supervisor.reject_application(rejecting).await.unwrap();
    assert_eq!(told(&november(&mut supervisor).await.states), [("NEW", 1, 1, 1)]);
    assert_eq!(november(&mut manager).await.managers, []);
    assert_eq!(refusal(supervisor.get_work_report(days("2026-11-02", "2026-11-01")).await), ["DATE_ORDER at until"]);
    let finance: Actor = people::person(demo::FINANCE, &[Role::Finance]);
    for other in [people::applicant(), finance] {
        let asked = client(&world, other).get_work_report(days("2026-11-01", "2026-11-02")).await;
        assert_eq!(refusal(asked), ["NOT_PERMITTED"]);
    }
    world.end().await;
}
