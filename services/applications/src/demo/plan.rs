//! Which cases the demo has, where each stands, and how it came there.

use chassis::demo;
use kernel::AccountId;

use crate::domain::state::State;

/// One demo case: number, owner, service, Amount, and where it stands.
pub(super) struct Plan {
    pub number: i64,
    pub owner: usize,
    pub service: &'static str,
    pub quantity: u32,
    pub state: State,
}

pub(super) const PLANS: [Plan; 30] = [
    Plan { number: demo::COMPLETED, owner: 0, service: "INVB1S", quantity: 1, state: State::Completed },
    Plan { number: demo::AWAITING_PAYMENT, owner: 0, service: "INVB1S", quantity: 1, state: State::AwaitingPayment },
    Plan { number: 103, owner: 1, service: "INVC3S", quantity: 2, state: State::New },
    Plan { number: 104, owner: 2, service: "TRPNEW", quantity: 1, state: State::InReview },
    Plan { number: 105, owner: 3, service: "INVB1M", quantity: 1, state: State::PendingApproval },
    Plan {
        number: demo::AWAITING_DOCUMENTS,
        owner: 0,
        service: "INVB1M",
        quantity: 2,
        state: State::AwaitingDocuments,
    },
    Plan { number: 107, owner: 1, service: "IINREG", quantity: 1, state: State::Draft },
    Plan { number: 108, owner: 2, service: "IINREG", quantity: 1, state: State::Returned },
    Plan { number: 109, owner: 3, service: "INVB1S", quantity: 1, state: State::Rejected },
    Plan { number: 110, owner: 0, service: "INVC3M", quantity: 1, state: State::New },
    Plan { number: 111, owner: 1, service: "VISC3X", quantity: 1, state: State::New },
    Plan { number: 112, owner: 2, service: "IINREG", quantity: 3, state: State::New },
    Plan { number: 113, owner: 3, service: "EDSREG", quantity: 1, state: State::New },
    Plan { number: 114, owner: 0, service: "VISC3", quantity: 1, state: State::InReview },
    Plan { number: 115, owner: 1, service: "TRPEXT", quantity: 2, state: State::InReview },
    Plan { number: 116, owner: 2, service: "DRVEXC", quantity: 1, state: State::InReview },
    Plan { number: demo::DOCS_PARTIAL, owner: 3, service: "INVB1S", quantity: 2, state: State::DocsPartial },
    Plan { number: 118, owner: 1, service: "FNGRPR", quantity: 2, state: State::Returned },
    Plan { number: 119, owner: 0, service: "ARRNTF", quantity: 1, state: State::Expired },
    Plan { number: 120, owner: 2, service: "VISCAT", quantity: 1, state: State::PendingApproval },
    Plan { number: demo::IN_PROGRESS, owner: 3, service: "INVB1S", quantity: 3, state: State::InProgress },
    Plan { number: 122, owner: 1, service: "VISRST", quantity: 1, state: State::PendingApproval },
    Plan { number: 123, owner: 0, service: "VISCAN", quantity: 1, state: State::Rejected },
    Plan { number: 124, owner: 2, service: "TRPNEW", quantity: 1, state: State::Rejected },
    Plan { number: demo::READY, owner: 1, service: "INVB1M", quantity: 1, state: State::ReadyForPickup },
    Plan { number: 126, owner: 3, service: "IINREG", quantity: 1, state: State::Cancelled },
    Plan { number: 127, owner: 0, service: "EMPALL", quantity: 1, state: State::Draft },
    Plan { number: 128, owner: 1, service: "INVC3F", quantity: 2, state: State::Draft },
    Plan { number: 129, owner: 2, service: "INVA5", quantity: 1, state: State::Draft },
    Plan { number: 130, owner: 3, service: "PMTA01", quantity: 1, state: State::Draft },
];

/// The state body wanted to see more; what, for the applicant.
pub(super) const MORE: &str = "MORE_ORIGINALS";
pub(super) const MORE_OF: &str = "A photo of Giulia Rossi that is not older than six months";

/// States on the way to where a case stands: what happened, by whom, in which state it left the case.
pub(super) fn history(plan: &Plan) -> Vec<(&'static str, Option<AccountId>, State)> {
    let (state, manager) = (plan.state, Some(manager(plan)));
    let path = [
        ("SUBMITTED", None, State::New),
        ("CLAIMED", manager, State::InReview),
        ("APPROVAL_RECOMMENDED", manager, State::PendingApproval),
        ("APPROVED", Some(demo::SUPERVISOR), State::AwaitingPayment),
        ("DOCUMENTS_AWAITED", None, State::AwaitingDocuments),
        ("ORIGINALS_RECEIVED", manager, State::InProgress),
        ("READY", manager, State::ReadyForPickup),
        ("COMPLETED", manager, State::Completed),
    ];
    match state {
        State::Draft => Vec::new(),
        State::Returned => vec![path[0], path[1], ("RETURNED", manager, State::Returned)],
        State::Rejected => vec![path[0], path[1], path[2], ("REJECTED", Some(demo::SUPERVISOR), State::Rejected)],
        State::Cancelled => vec![path[0], path[1], ("CANCELLED", None, State::Cancelled)],
        State::Expired => {
            vec![path[0], path[1], ("RETURNED", manager, State::Returned), ("EXPIRED", None, State::Expired)]
        }
        State::DocsPartial => {
            let more = (MORE, manager, State::DocsPartial);
            path.into_iter().take(6).chain([more]).collect()
        }
        State::New
        | State::InReview
        | State::PendingApproval
        | State::AwaitingPayment
        | State::AwaitingDocuments
        | State::InProgress
        | State::ReadyForPickup
        | State::Completed => {
            let end = path.iter().position(|(_, _, reached)| *reached == state).map_or(0, |index| index + 1);
            path.into_iter().take(end).collect()
        }
    }
}

/// Who handles a case.
pub(super) fn manager(plan: &Plan) -> AccountId {
    let which = if plan.number < 110 { 0 } else { plan.number.unsigned_abs() as usize % demo::MANAGERS.len() };
    demo::MANAGERS.get(which).copied().unwrap_or(demo::MANAGERS[0])
}
