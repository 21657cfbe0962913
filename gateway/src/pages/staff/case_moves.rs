//! The moves of a case: each button of the case page and the call it makes.

use axum::extract::Path;
use proto::applications::v1::{
    Application, AssignApplicationRequest, CaseCommand, ItemsCommand, ManagerTask, Mark, Original,
    RecordDecisionRequest, RecordHandOutRequest, RenewApplicationRequest, ReturnApplicationRequest,
    ReviewDocumentRequest, SaveManagerTasksRequest, SendToStateBodyRequest,
};

use super::case::{refused, refused_at};
use crate::pages::applications::may;
use crate::pages::{Answer, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::routes::{Audience, Route, post};

/// A move that needs no more than a word of reason.
pub(super) struct Command {
    /// Name of the RPC, as the service lists what is allowed.
    rpc: &'static str,
    pub path: &'static str,
    /// Text of the button.
    pub key: &'static str,
    pub wants_reason: bool,
    pub tone: &'static str,
}

const fn command(
    rpc: &'static str,
    path: &'static str,
    key: &'static str,
    wants_reason: bool,
    tone: &'static str,
) -> Command {
    Command { rpc, path, key, wants_reason, tone }
}

const COMMANDS: [Command; 10] = [
    command("ClaimApplication", "claim", "move-claim", false, ""),
    command("RecommendApproval", "recommend", "move-recommend", false, ""),
    command("ApproveApplication", "approve", "move-approve", false, ""),
    command("SendBackToReview", "send-back", "move-send-back", true, "quiet"),
    command("MarkReady", "ready", "move-ready", false, ""),
    command("CompleteApplication", "complete", "move-complete", false, ""),
    command("RenewApplication", "renew", "renew-application", false, ""),
    command("ReleaseApplication", "release", "move-release", true, "quiet"),
    command("RejectApplication", "reject", "move-reject", true, "danger quiet"),
    command("CancelApplication", "cancel", "move-cancel", true, "danger quiet"),
];

pub(super) fn allowed_commands(application: &Application) -> Vec<&'static Command> {
    COMMANDS.iter().filter(|command| may(application, command.rpc)).collect()
}

pub(super) fn routes() -> Vec<Route> {
    COMMANDS
        .iter()
        .map(|command| {
            let path = format!("/staff/applications/{{number}}/{}", command.path);
            post(Audience::Staff, &path, |path: Path<i64>, posted: Posted| give(command.rpc, path, posted))
        })
        .collect()
}

async fn give(rpc: &'static str, Path(number): Path<i64>, posted: Posted) -> Answer {
    let case = CaseCommand { number, version: posted.version(), reason: posted.fields.text("reason") };
    let mut applications = posted.visit.app.services.applications();
    let answer = match rpc {
        "ClaimApplication" => applications.claim_application(posted.command(case)).await,
        "RecommendApproval" => applications.recommend_approval(posted.command(case)).await,
        "ApproveApplication" => applications.approve_application(posted.command(case)).await,
        "SendBackToReview" => applications.send_back_to_review(posted.command(case)).await,
        "MarkReady" => applications.mark_ready(posted.command(case)).await,
        "CompleteApplication" => applications.complete_application(posted.command(case)).await,
        "RenewApplication" => {
            let (version, total_shown_minor) = (case.version, 0);
            applications
                .renew_application(posted.command(RenewApplicationRequest { number, version, total_shown_minor }))
                .await
        }
        "ReleaseApplication" => applications.release_application(posted.command(case)).await,
        "RejectApplication" => applications.reject_application(posted.command(case)).await,
        _ => {
            let cancel = proto::applications::v1::CancelApplicationRequest {
                number,
                version: case.version,
                reason: case.reason,
            };
            applications.cancel_application(posted.command(cancel)).await
        }
    };
    done(posted, number, answer).await
}

async fn done(posted: Posted, number: i64, answer: Result<tonic::Response<Application>, tonic::Status>) -> Answer {
    match answer {
        Ok(_) => Ok(to(&format!("/staff/applications/{number}?saved"))),
        Err(status) => refused(posted, number, status).await,
    }
}

pub(super) async fn assign(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(AssignApplicationRequest {
        number,
        version: posted.version(),
        account_id: posted.fields.text("account_id"),
        reason: posted.fields.text("reason"),
    });
    let answer = posted.visit.app.services.applications().assign_application(request).await;
    done(posted, number, answer).await
}

pub(super) async fn send_back(Path(number): Path<i64>, posted: Posted) -> Answer {
    let marks = posted
        .fields
        .all("mark")
        .into_iter()
        .map(|field| Mark { reason: posted.fields.text(&format!("why.{field}")), field, ..Mark::default() })
        .collect();
    let request = posted.command(ReturnApplicationRequest {
        number,
        version: posted.version(),
        reason: posted.fields.text("reason"),
        marks,
    });
    let answer = posted.visit.app.services.applications().return_application(request).await;
    done(posted, number, answer).await
}

pub(super) async fn receive_originals(Path(number): Path<i64>, posted: Posted) -> Answer {
    let came = posted.fields.all("came");
    let mut person_item_ids = posted.fields.all("item");
    // Whoever brought a paper handed something over; what else was awaited of him is missing.
    for (person, _) in came.iter().filter_map(|one| one.split_once('/')) {
        if !person.is_empty() && !person_item_ids.iter().any(|known| known == person) {
            person_item_ids.push(person.to_owned());
        }
    }
    let awaited = posted.fields.all("awaited");
    let missing = awaited
        .iter()
        .filter(|one| !came.contains(one))
        .filter_map(|one| one.split_once('/'))
        .filter(|(person, _)| person.is_empty() || person_item_ids.iter().any(|known| known == person))
        .map(|(person, code)| Original { person_item_id: person.to_owned(), code: code.to_owned() })
        .collect();
    let request = posted.command(ItemsCommand {
        number,
        version: posted.version(),
        person_item_ids,
        missing,
        ..ItemsCommand::default()
    });
    let answer = posted.visit.app.services.applications().receive_originals(request).await;
    done(posted, number, answer).await
}

pub(super) async fn send_to_state_body(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(SendToStateBodyRequest {
        number,
        version: posted.version(),
        person_item_ids: posted.fields.all("item"),
        outgoing_number: posted.fields.text("outgoing_number"),
        sent_on: posted.fields.text("sent_on"),
        expected_on: posted.fields.text("expected_on"),
    });
    let answer = posted.visit.app.services.applications().send_to_state_body(request).await;
    done(posted, number, answer).await
}

pub(super) async fn request_originals(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(ItemsCommand {
        number,
        version: posted.version(),
        person_item_ids: posted.fields.all("item"),
        reason: posted.fields.text("reason"),
        missing: Vec::new(),
    });
    let answer = posted.visit.app.services.applications().request_originals(request).await;
    done(posted, number, answer).await
}

pub(super) async fn record_decision(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(RecordDecisionRequest {
        number,
        version: posted.version(),
        person_item_id: posted.fields.text("item"),
        granted: posted.fields.get("granted") == "yes",
        note: posted.fields.text("note"),
    });
    let answer = posted.visit.app.services.applications().record_decision(request).await;
    done(posted, number, answer).await
}

pub(super) async fn hand_out(Path(number): Path<i64>, posted: Posted) -> Answer {
    let request = posted.command(RecordHandOutRequest {
        number,
        version: posted.version(),
        person_item_ids: posted.fields.all("item"),
        way: posted.fields.text("way"),
        recipient_name: posted.fields.text("recipient_name"),
        document_kind: posted.fields.text("document_kind"),
        document_number: posted.fields.text("document_number"),
        delivered_on: posted.fields.text("delivered_on"),
        address: posted.fields.text("address"),
    });
    let answer = posted.visit.app.services.applications().record_hand_out(request).await;
    done(posted, number, answer).await
}

pub(super) async fn save_tasks(Path(number): Path<i64>, posted: Posted) -> Answer {
    let fields = &posted.fields;
    let line_id = fields.text("line");
    let today = posted.visit.today();
    let task = |task: String| {
        let at = |name: &str| format!("{name}.{line_id}.{task}");
        let done = fields.text(&at("done_on"));
        // Ticked without a day: it was done today.
        let done_on = match (fields.has(&at("done")), done.is_empty()) {
            (false, _) => String::new(),
            (true, true) => today.clone(),
            (true, false) => done,
        };
        ManagerTask { due_on: fields.text(&at("due_on")), done_on, task }
    };
    let tasks: Vec<ManagerTask> = fields.all("task").into_iter().map(task).collect();
    let names: Vec<String> = tasks.iter().map(|task| task.task.clone()).collect();
    let request =
        posted.command(SaveManagerTasksRequest { number, version: posted.version(), line_id: line_id.clone(), tasks });
    match posted.visit.app.services.applications().save_manager_tasks(request).await {
        Ok(_) => Ok(to(&format!("/staff/applications/{number}?saved"))),
        Err(status) => {
            let mut problem = Problem::from(status).refusal()?;
            // `tasks[1].due_on` stands at the control of the second task.
            for violation in &mut problem.violations {
                let place = violation.field.strip_prefix("tasks[").and_then(|rest| rest.split_once("]."));
                if let Some((index, name)) = place
                    && let Some(task) = index.parse::<usize>().ok().and_then(|index| names.get(index))
                {
                    violation.field = format!("{name}.{line_id}.{task}");
                }
            }
            refused_at(posted, number, problem).await
        }
    }
}

pub(super) async fn review_document(Path((number, document)): Path<(i64, String)>, posted: Posted) -> Answer {
    let request = posted.command(ReviewDocumentRequest {
        number,
        version: posted.version(),
        document_id: document,
        accept: posted.fields.get("accept") == "yes",
        reason: posted.fields.text("reason"),
    });
    let answer = posted.visit.app.services.applications().review_document(request).await;
    done(posted, number, answer).await
}
