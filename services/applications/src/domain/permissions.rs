//! Who may see an application and which commands he may give it now.

use kernel::{Actor, Role, Scope};

use super::{
    case::{Case, PaymentStatus},
    state::State,
};

/// How much of an application its reader gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// Everything.
    Whole,
    /// Numbers, states and sums; no persons, contacts or papers.
    Money,
}

/// Whether staff act for the client at the desk: whoever filed the case for him, and supervisors.
pub(crate) fn acts_for_owner(case: &Case, actor: &Actor) -> bool {
    let filed = actor.has_role(Role::Manager) && case.filed_by == actor.account();
    case.filed_by.is_some() && (filed || actor.has_role(Role::Supervisor))
}

/// Whether `actor` may change what the application says, as far as its state permits.
pub(crate) fn edits(case: &Case, actor: &Actor) -> bool {
    actor.account() == Some(case.owner) || acts_for_owner(case, actor)
}

/// What `actor` may see of a case; nothing means: it does not exist for him.
pub(crate) fn view(case: &Case, actor: &Actor) -> Option<View> {
    if actor.account() == Some(case.owner) {
        return Some(View::Whole);
    }
    let submitted = case.submitted_at.is_some();
    if acts_for_owner(case, actor) && (!submitted || case.state == State::Returned) {
        return Some(View::Whole);
    }
    if actor.has_role(Role::Supervisor) && submitted {
        return Some(View::Whole);
    }
    if actor.has_role(Role::Manager) && submitted && (case.assigned_to.is_none() || case.assigned_to == actor.account())
    {
        return Some(View::Whole);
    }
    if actor.has_scope(Scope::ApplicationsRead) && submitted {
        return Some(View::Whole);
    }
    (actor.has_role(Role::Finance) && submitted).then_some(View::Money)
}

/// Names of the RPCs that `actor` may call on the case as it stands.
pub(crate) fn allowed(case: &Case, actor: &Actor) -> Vec<&'static str> {
    let owner = actor.account() == Some(case.owner);
    let manager = actor.has_role(Role::Manager);
    let supervisor = actor.has_role(Role::Supervisor);
    let mine = manager && case.assigned_to == actor.account();
    let second = actor.account().is_some_and(|account| case.is_second_pair_of_eyes(account));
    let mut names = Vec::new();
    let mut when = |allowed: bool, list: &[&'static str]| {
        if allowed {
            names.extend_from_slice(list);
        }
    };
    let editor = edits(case, actor);
    when(editor && case.state == State::Returned, &["ReplyToMark"]);
    let open = case.state.is_open();
    when(open && manager && case.assigned_to.is_none(), &["ClaimApplication"]);
    when(open && supervisor, &["AssignApplication"]);
    when(open && (mine || supervisor && case.assigned_to.is_some()), &["ReleaseApplication"]);
    when(
        case.submitted_at.is_some() && open && (mine || supervisor) && case.has_personal_manager(),
        &["SaveManagerTasks"],
    );
    match case.state {
        State::Draft | State::Returned => when(
            editor,
            &[
                "SaveServices",
                "SaveContact",
                "SavePerson",
                "RemovePerson",
                "SaveLineAnswers",
                "UploadDocument",
                "RemoveDocument",
                "SubmitApplication",
                "CancelApplication",
            ],
        ),
        State::New => {
            when(manager && mine, &["ClaimApplication"]);
            when(owner || mine || supervisor, &["CancelApplication"]);
        }
        State::InReview => {
            when(mine, &["ReturnApplication", "RecommendApproval", "ReviewDocument"]);
            when(supervisor && second, &["RejectApplication"]);
            when(supervisor, &["ReturnApplication"]);
            when(owner || mine || supervisor, &["CancelApplication"]);
        }
        State::PendingApproval => {
            when(supervisor && second, &["ApproveApplication", "RejectApplication"]);
            when(supervisor, &["SendBackToReview"]);
            when(owner || mine || supervisor, &["CancelApplication"]);
        }
        State::AwaitingPayment => when(owner || mine || supervisor, &["CancelApplication"]),
        State::AwaitingDocuments => {
            when(mine || supervisor, &["ReceiveOriginals"]);
            // Money that has come is billing's to give back.
            when(
                (owner || mine || supervisor) && case.payment_status != PaymentStatus::Pending,
                &["CancelApplication"],
            );
        }
        State::DocsPartial => when(mine || supervisor, &["ReceiveOriginals"]),
        State::InProgress => {
            when((mine || supervisor) && case.takes_originals(), &["ReceiveOriginals"]);
            when(
                mine || supervisor,
                &["SendToStateBody", "RequestOriginals", "RecordDecision", "MarkReady", "UploadDocument"],
            );
        }
        State::ReadyForPickup => {
            when(mine || supervisor, &["RecordHandOut", "UploadDocument"]);
            when((mine || supervisor) && case.all_handed_out(), &["CompleteApplication"]);
        }
        State::Completed => when(mine || supervisor, &["UploadDocument"]),
        State::Expired => when((editor || mine || supervisor) && case.renewable().is_ok(), &["RenewApplication"]),
        State::Rejected | State::Cancelled => {}
    }
    names
}
