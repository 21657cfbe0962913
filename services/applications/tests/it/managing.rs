//! What a personal manager does for the lines that have one, and what their applicant sees of it.

use chassis::testing::{Coverage, people, refusal};
use proto::applications::v1::{Application, LineChoice, ManagerTask, SaveManagerTasksRequest};

use super::{
    case, client, create, seen, start,
    steps::{fill, saving, submitting},
};

fn writing(of: &Application, line_id: &str, tasks: &[(&str, &str, &str)]) -> SaveManagerTasksRequest {
    let task = |(task, due_on, done_on): &(&str, &str, &str)| ManagerTask {
        task: (*task).to_owned(),
        due_on: (*due_on).to_owned(),
        done_on: (*done_on).to_owned(),
    };
    SaveManagerTasksRequest {
        number: of.number,
        version: of.version,
        line_id: line_id.to_owned(),
        tasks: tasks.iter().map(task).collect(),
    }
}

pub async fn a_personal_manager_tells_what_he_has_done(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    let draft = create(&mut applicant, &["INVB1S"]).await;
    let draft = fill(&mut applicant, draft, 1).await;
    let mut lines = saving(&draft, &[], proto::applications::v1::MembershipKind::NotMember, "");
    let service_code = "INVB1S".to_owned();
    lines.lines = vec![LineChoice { service_code, quantity: 1, personal_manager: true }];
    let draft = applicant.save_services(lines).await.unwrap().into_inner();
    assert!(draft.lines[0].tasks.is_empty(), "nothing is done before it is filed");
    let filed = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    let found = manager.claim_application(case(&filed, "")).await.unwrap().into_inner();
    assert_eq!(found.personal_manager_name, "Aida Manager", "he is named from the start");
    let line = found.lines[0].id.clone();
    assert_eq!(found.lines[0].tasks.len(), 5);
    let mut refused = async |request| refusal(manager.save_manager_tasks(request).await);
    assert_eq!(refused(writing(&found, "lin_0", &[])).await, ["LINE_UNKNOWN at line_id"]);
    assert_eq!(refused(writing(&found, &line, &[("tea", "", "")])).await, ["CHOICE_UNKNOWN at tasks[0].task"]);
    let soon = refused(writing(&found, &line, &[("forms", "soon", "")])).await;
    assert_eq!(soon, ["DATE_MALFORMED at tasks[0].due_on"]);
    let ahead = refused(writing(&found, &line, &[("forms", "", "2026-12-31")])).await;
    assert_eq!(ahead, ["DATE_AHEAD at tasks[0].done_on"]);
    let own = applicant.save_manager_tasks(writing(&found, &line, &[])).await;
    assert_eq!(refusal(own), ["NOT_PERMITTED"]);
    let written = writing(&found, &line, &[("forms", "2026-11-25", "2026-11-23"), ("notary", "2026-11-30", "")]);
    let done = manager.save_manager_tasks(written).await.unwrap().into_inner();
    assert_eq!(done.lines[0].tasks[0].done_on, "2026-11-23");
    let shown = seen(&mut applicant, found.number).await;
    assert_eq!(
        (shown.lines[0].tasks[2].task.as_str(), shown.lines[0].tasks[2].due_on.as_str()),
        ("notary", "2026-11-30")
    );
    world.end().await;
}
