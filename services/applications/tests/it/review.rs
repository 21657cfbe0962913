//! Review by the manager and the supervisor's decision.

use chassis::{
    demo,
    testing::{Alone, Coverage, people, refusal},
};
use kernel::Role;
use proto::applications::v1::{
    Application, ApplicationApproved, ApplicationClaimed, ApplicationRejected, ApplicationResubmitted,
    ApplicationReturned, ApprovalRecommended, Changes, Contact, GetChangesRequest, Mark, PaymentStatus,
    ReplyToMarkRequest, ReturnApplicationRequest, SaveContactRequest, SentBackToReview, State,
};

use super::{
    case, client, seen, start,
    steps::{filled, in_review, judging, recommended, submitting, uploaded},
};

fn returning(of: &Application, marks: &[(&str, &str)]) -> ReturnApplicationRequest {
    let marks = marks.iter().map(|(field, reason)| Mark {
        field: (*field).to_owned(),
        reason: (*reason).to_owned(),
        ..Mark::default()
    });
    ReturnApplicationRequest {
        number: of.number,
        version: of.version,
        reason: "please correct".to_owned(),
        marks: marks.collect(),
    }
}

pub async fn a_case_is_returned_and_comes_back(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let draft = filled(&mut applicant, 1).await;
    let filed = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    assert_eq!(refusal(manager.recommend_approval(case(&filed, "")).await), ["NOT_CLAIMED_BY_YOU"]);
    assert_eq!(refusal(applicant.claim_application(case(&filed, "")).await), ["NOT_PERMITTED"]);
    let claimed = manager.claim_application(case(&filed, "")).await.unwrap().into_inner();
    assert_eq!(claimed.state(), State::InReview);
    assert_eq!(refusal(manager.claim_application(case(&filed, "")).await), ["VERSION_CONFLICT"]);
    // Another manager does not see it any more.
    let other = people::person(demo::MANAGERS[1], &[Role::Manager]);
    assert_eq!(refusal(client(&world, other).claim_application(case(&claimed, "")).await), ["NOT_FOUND"]);
    assert_eq!(refusal(manager.return_application(returning(&claimed, &[])).await), ["MARKS_NONE at marks"]);
    let silent = manager.return_application(returning(&claimed, &[("contact.phone", " ")])).await;
    assert_eq!(refusal(silent), ["REASON_MISSING at marks"]);
    let returned = manager.return_application(returning(&claimed, &[("contact.phone", "unreachable")])).await.unwrap();
    assert_eq!(returned.into_inner().state(), State::Returned);
    assert_eq!(world.published::<ApplicationReturned>().await[0].marks, 1);
    let mine = seen(&mut applicant, filed.number).await;
    assert_eq!((mine.marks[0].field.as_str(), mine.return_reason.as_str()), ("contact.phone", "please correct"));
    // What is marked wants a change, or a word why it stays.
    let phone = "MARK_UNANSWERED at contact.phone";
    assert_eq!(refusal(applicant.submit_application(submitting(&mine)).await), [phone]);
    let contact = Contact { phone: "+77017654321".to_owned(), ..mine.contact.clone().unwrap() };
    let request = SaveContactRequest { number: mine.number, version: mine.version, contact: Some(contact) };
    let mine = applicant.save_contact(request).await.unwrap().into_inner();
    let again = applicant.submit_application(submitting(&mine)).await.unwrap().into_inner();
    assert!(again.marks.is_empty());
    let manager_id = demo::MANAGERS[0].to_string();
    assert_eq!(world.published::<ApplicationResubmitted>().await[0].manager_id, manager_id);
    let changes = manager.get_changes(GetChangesRequest { number: again.number }).await.unwrap().into_inner();
    let change = &changes.changes[..];
    assert_eq!((change.len(), change[0].field.as_str()), (1, "contact.phone"));
    assert_eq!((change[0].before.as_str(), change[0].after.as_str()), ("+77011234567", "+77017654321"));
    assert_eq!((changes.marks[0].reason.as_str(), changes.marks[0].changed), ("unreachable", true));
    manager.claim_application(case(&again, "")).await.unwrap();
    assert_eq!(world.published::<ApplicationClaimed>().await.len(), 2);
    world.end().await;
}

/// Would have found: an application that goes to and fro without an end, and a limit that nobody can lift.
pub async fn only_a_supervisor_returns_beyond_the_limit(coverage: &Coverage) {
    let once = [("applications.limits.returns_max", 1.into())];
    let world = Alone::start_with::<applications::Applications>(coverage, &once).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let mut case_now = in_review(&world, 1).await;
    let marks = [("contact.phone", "unreachable")];
    for round in 0..3 {
        if round > 0 {
            let refused = manager.return_application(returning(&case_now, &marks)).await;
            assert_eq!(refusal(refused), ["RETURNS_EXHAUSTED"]);
        }
        let mut by = client(&world, if round == 0 { people::manager() } else { people::supervisor() });
        let returned = by.return_application(returning(&case_now, &marks)).await.unwrap().into_inner();
        let field = "contact.phone".to_owned();
        let reply = ReplyToMarkRequest {
            number: returned.number,
            version: returned.version,
            field,
            text: format!("it answers at {round}"),
        };
        let said = applicant.reply_to_mark(reply).await.unwrap().into_inner();
        let again = applicant.submit_application(submitting(&said)).await.unwrap().into_inner();
        case_now = manager.claim_application(case(&again, "")).await.unwrap().into_inner();
    }
    assert_eq!(world.published::<ApplicationReturned>().await.len(), 3);
    world.end().await;
}

pub async fn papers_are_judged_one_by_one(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut manager = client(&world, people::manager());
    let found = in_review(&world, 1).await;
    let file = found.lines[0].persons[0].documents[0].files[0].id.clone();
    assert_eq!(refusal(manager.recommend_approval(case(&found, "")).await), ["DOCUMENTS_NOT_ACCEPTED"]);
    let silent = manager.review_document(judging(&found, &file, false, "")).await;
    assert_eq!(refusal(silent), ["REASON_MISSING at reason"]);
    let unknown = manager.review_document(judging(&found, &demo_document(), true, "")).await;
    assert_eq!(refusal(unknown), ["DOCUMENT_UNKNOWN"]);
    let judged = manager.review_document(judging(&found, &file, false, "blurred")).await.unwrap().into_inner();
    let shown = &judged.lines[0].persons[0].documents[0].files[0];
    assert_eq!((shown.state.as_str(), shown.reason.as_str()), ("rejected", "blurred"));
    let mut judged = judged;
    for paper in found.lines[0].persons[0].documents.iter().flat_map(|item| &item.files) {
        judged = manager.review_document(judging(&judged, &paper.id, true, "")).await.unwrap().into_inner();
    }
    let sent = manager.recommend_approval(case(&judged, "")).await.unwrap().into_inner();
    assert_eq!(sent.state(), State::PendingApproval);
    assert_eq!(world.published::<ApprovalRecommended>().await.len(), 1);
    assert_eq!(refusal(manager.review_document(judging(&sent, &file, true, "")).await), ["MOVE_NOT_ALLOWED"]);
    let mut supervisor = client(&world, people::supervisor());
    assert_eq!(refusal(manager.send_back_to_review(case(&sent, "why")).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(supervisor.send_back_to_review(case(&sent, "")).await), ["REASON_MISSING at reason"]);
    let back = supervisor.send_back_to_review(case(&sent, "look again")).await.unwrap().into_inner();
    assert_eq!((back.state(), back.decision_reason.as_str()), (State::InReview, "look again"));
    assert_eq!(world.published::<SentBackToReview>().await[0].manager_id, demo::MANAGERS[0].to_string());
    world.end().await;
}

fn demo_document() -> String {
    format!("doc_{:032x}", 1)
}

pub async fn approval_takes_four_eyes(coverage: &Coverage) {
    let world = start(coverage).await;
    let found = recommended(&world, 2).await;
    let both = people::person(demo::MANAGERS[0], &[Role::Manager, Role::Supervisor]);
    let mut same = client(&world, both);
    assert_eq!(refusal(same.approve_application(case(&found, "")).await), ["FOUR_EYES"]);
    assert_eq!(refusal(same.reject_application(case(&found, "no")).await), ["FOUR_EYES"]);
    assert_eq!(
        refusal(client(&world, people::manager()).approve_application(case(&found, "")).await),
        ["NOT_PERMITTED"]
    );
    let mut supervisor = client(&world, people::supervisor());
    let approved = supervisor.approve_application(case(&found, "")).await.unwrap().into_inner();
    assert_eq!((approved.state(), approved.payment_status()), (State::AwaitingPayment, PaymentStatus::NotPaid));
    let told = &world.published::<ApplicationApproved>().await[0];
    assert_eq!((told.lines[0].quantity, told.total.as_ref().unwrap().amount_minor), (2, 2_000_000));
    assert_eq!(told.lines[0].description, format!("AEC Personal Manager/Team Assistant for PM/TA-{}", found.number));
    assert_eq!(refusal(supervisor.approve_application(case(&approved, "")).await), ["MOVE_NOT_ALLOWED"]);

    let other = recommended(&world, 1).await;
    assert_eq!(refusal(supervisor.reject_application(case(&other, " ")).await), ["REASON_MISSING at reason"]);
    let rejected = supervisor.reject_application(case(&other, "not eligible")).await.unwrap().into_inner();
    assert_eq!(rejected.state(), State::Rejected);
    assert_eq!(world.published::<ApplicationRejected>().await.len(), 1);
    world.end().await;
}

pub async fn a_mark_is_answered_by_a_word_or_another_file(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let found = in_review(&world, 1).await;
    let person = found.lines[0].persons[0].clone();
    let path = format!("lines[{}].persons[{}]", found.lines[0].id, person.id);
    let (name, paper) = (format!("{path}.surname"), format!("{path}.documents[passport_copy]"));
    let marks = [(name.as_str(), "is it so?"), (paper.as_str(), "blurred")];
    let returned = manager.return_application(returning(&found, &marks)).await.unwrap().into_inner();
    let asking = GetChangesRequest { number: found.number };
    assert_eq!(manager.get_changes(asking).await.unwrap().into_inner(), Changes::default(), "nothing came back yet");
    let reply = |version: i64, field: &str, text: &str| ReplyToMarkRequest {
        number: found.number,
        version,
        field: field.to_owned(),
        text: text.to_owned(),
    };
    let version = returned.version;
    assert_eq!(refusal(applicant.reply_to_mark(reply(version, "contact", "x")).await), ["MARK_UNKNOWN at field"]);
    let long = applicant.reply_to_mark(reply(version, &name, &"x".repeat(501))).await;
    assert_eq!(refusal(long), ["TEXT_TOO_LONG at text"]);
    assert_eq!(refusal(manager.reply_to_mark(reply(version, &name, "x")).await), ["NOT_PERMITTED"]);
    let said = applicant.reply_to_mark(reply(version, &name, "as in my passport")).await.unwrap().into_inner();
    assert!(said.marks.iter().any(|mark| mark.field == name && mark.reply == "as in my passport"));
    let left = said.missing.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect::<Vec<_>>();
    assert_eq!(left, [(paper.as_str(), "MARK_UNANSWERED")]);
    // A word can be taken back.
    let taken = applicant.reply_to_mark(reply(said.version, &name, " ")).await.unwrap().into_inner();
    assert_eq!(taken.missing.len(), 2);
    let said = applicant.reply_to_mark(reply(taken.version, &name, "as in my passport")).await.unwrap().into_inner();
    let sent = uploaded(&mut applicant, &said, &person.id).await;
    let again = applicant.submit_application(submitting(&sent)).await.unwrap().into_inner();
    let changes = manager.get_changes(asking).await.unwrap().into_inner();
    let answered = |field: &str| changes.marks.iter().find(|mark| mark.field == field).unwrap();
    assert_eq!((answered(&name).reply.as_str(), answered(&name).changed), ("as in my passport", false));
    assert!(answered(&paper).changed && changes.changes.iter().all(|change| change.field == paper));
    assert_eq!(refusal(applicant.get_changes(asking).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(client(&world, people::stranger()).get_changes(asking).await), ["NOT_FOUND"]);
    assert_eq!(refusal(applicant.reply_to_mark(reply(again.version, &name, "x")).await), ["NOT_EDITABLE"]);
    world.end().await;
}
