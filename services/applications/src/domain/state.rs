//! The states of an application and its legal moves.

use kernel::{Refusal, coded};

use super::codes;

coded! {
    /// Where an application stands.
    State {
        Draft = "DRAFT",
        New = "NEW",
        InReview = "IN_REVIEW",
        Returned = "RETURNED",
        PendingApproval = "PENDING_APPROVAL",
        AwaitingPayment = "AWAITING_PAYMENT",
        AwaitingDocuments = "AWAITING_DOCUMENTS",
        DocsPartial = "DOCS_PARTIAL",
        InProgress = "IN_PROGRESS",
        ReadyForPickup = "READY_FOR_PICKUP",
        Completed = "COMPLETED",
        Rejected = "REJECTED",
        Cancelled = "CANCELLED",
        Expired = "EXPIRED",
    }
}

coded! {
    /// What moves it.
    Move {
        Submit = "SUBMIT",
        Claim = "CLAIM",
        Return = "RETURN",
        Recommend = "RECOMMEND",
        SendBack = "SEND_BACK",
        Approve = "APPROVE",
        ApproveFree = "APPROVE_FREE",
        Reject = "REJECT",
        ConfirmPayment = "CONFIRM_PAYMENT",
        ReceiveSome = "RECEIVE_SOME",
        ReceiveAll = "RECEIVE_ALL",
        AskForMore = "ASK_FOR_MORE",
        MarkReady = "MARK_READY",
        Complete = "COMPLETE",
        Cancel = "CANCEL",
        Expire = "EXPIRE",
        Renew = "RENEW",
        RenewForApproval = "RENEW_FOR_APPROVAL",
    }
}

/// Filed and not at its end: somebody handles it, or should.
pub(crate) const OPEN: [State; 9] = [
    State::New,
    State::InReview,
    State::Returned,
    State::PendingApproval,
    State::AwaitingPayment,
    State::AwaitingDocuments,
    State::DocsPartial,
    State::InProgress,
    State::ReadyForPickup,
];

impl State {
    /// Nothing comes after it.
    pub(crate) fn is_final(self) -> bool {
        match self {
            Self::Completed | Self::Rejected | Self::Cancelled | Self::Expired => true,
            Self::Draft
            | Self::New
            | Self::InReview
            | Self::Returned
            | Self::PendingApproval
            | Self::AwaitingPayment
            | Self::AwaitingDocuments
            | Self::DocsPartial
            | Self::InProgress
            | Self::ReadyForPickup => false,
        }
    }

    pub(crate) fn is_open(self) -> bool {
        OPEN.contains(&self)
    }
}

use Move as M;
use State as S;

/// Every legal move: from, by, to. The diagram in the README is made from it, and a test compares it with [`next`].
pub(crate) const MOVES: &[(State, Move, State)] = &[
    (S::Draft, M::Submit, S::New),
    (S::Draft, M::Cancel, S::Cancelled),
    (S::New, M::Claim, S::InReview),
    (S::New, M::Cancel, S::Cancelled),
    (S::InReview, M::Return, S::Returned),
    (S::InReview, M::Recommend, S::PendingApproval),
    (S::InReview, M::Reject, S::Rejected),
    (S::InReview, M::Cancel, S::Cancelled),
    (S::Returned, M::Submit, S::New),
    (S::Returned, M::Cancel, S::Cancelled),
    (S::Returned, M::Expire, S::Expired),
    (S::PendingApproval, M::SendBack, S::InReview),
    (S::PendingApproval, M::Approve, S::AwaitingPayment),
    (S::PendingApproval, M::ApproveFree, S::AwaitingDocuments),
    (S::PendingApproval, M::Reject, S::Rejected),
    (S::PendingApproval, M::Cancel, S::Cancelled),
    (S::AwaitingPayment, M::ConfirmPayment, S::AwaitingDocuments),
    (S::AwaitingPayment, M::Cancel, S::Cancelled),
    (S::AwaitingPayment, M::Expire, S::Expired),
    (S::Expired, M::Renew, S::AwaitingPayment),
    (S::Expired, M::RenewForApproval, S::PendingApproval),
    (S::AwaitingDocuments, M::ReceiveSome, S::DocsPartial),
    (S::AwaitingDocuments, M::ReceiveAll, S::InProgress),
    (S::AwaitingDocuments, M::Cancel, S::Cancelled),
    (S::DocsPartial, M::ReceiveSome, S::DocsPartial),
    (S::DocsPartial, M::ReceiveAll, S::InProgress),
    (S::InProgress, M::ReceiveSome, S::InProgress),
    (S::InProgress, M::ReceiveAll, S::InProgress),
    (S::InProgress, M::AskForMore, S::DocsPartial),
    (S::InProgress, M::MarkReady, S::ReadyForPickup),
    (S::ReadyForPickup, M::Complete, S::Completed),
];

/// Where a move leads, or a refusal.
pub(crate) fn next(state: State, by: Move) -> Result<State, Refusal> {
    let to = match (state, by) {
        (S::Draft | S::Returned, M::Submit) => Some(S::New),
        (S::New, M::Claim) | (S::PendingApproval, M::SendBack) => Some(S::InReview),
        (S::InReview, M::Return) => Some(S::Returned),
        (S::InReview, M::Recommend) | (S::Expired, M::RenewForApproval) => Some(S::PendingApproval),
        (S::InReview | S::PendingApproval, M::Reject) => Some(S::Rejected),
        (S::PendingApproval, M::Approve) | (S::Expired, M::Renew) => Some(S::AwaitingPayment),
        (S::PendingApproval, M::ApproveFree) | (S::AwaitingPayment, M::ConfirmPayment) => Some(S::AwaitingDocuments),
        (S::AwaitingDocuments | S::DocsPartial, M::ReceiveSome) | (S::InProgress, M::AskForMore) => {
            Some(S::DocsPartial)
        }
        (S::AwaitingDocuments | S::DocsPartial, M::ReceiveAll) | (S::InProgress, M::ReceiveSome | M::ReceiveAll) => {
            Some(S::InProgress)
        }
        (S::InProgress, M::MarkReady) => Some(S::ReadyForPickup),
        (S::ReadyForPickup, M::Complete) => Some(S::Completed),
        (
            S::Draft
            | S::New
            | S::InReview
            | S::Returned
            | S::PendingApproval
            | S::AwaitingPayment
            | S::AwaitingDocuments,
            M::Cancel,
        ) => Some(S::Cancelled),
        (S::Returned | S::AwaitingPayment, M::Expire) => Some(S::Expired),
        (
            _,
            M::Submit
            | M::Claim
            | M::Return
            | M::Recommend
            | M::SendBack
            | M::Approve
            | M::ApproveFree
            | M::Reject
            | M::ConfirmPayment
            | M::ReceiveSome
            | M::ReceiveAll
            | M::AskForMore
            | M::MarkReady
            | M::Complete
            | M::Cancel
            | M::Expire
            | M::Renew
            | M::RenewForApproval,
        ) => None,
    };
    to.ok_or_else(|| Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", state.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_state_and_move_agrees_with_the_table() {
        for state in State::ALL {
            for by in Move::ALL {
                let listed = MOVES.iter().find(|(from, with, _)| from == state && with == by).map(|(_, _, to)| *to);
                assert_eq!(next(*state, *by).ok(), listed, "{} by {}", state.code(), by.code());
            }
        }
    }

    #[test]
    fn the_readme_shows_the_moves_as_they_are() {
        let readme = include_str!("../../README.md");
        for (from, by, to) in MOVES {
            let edge = format!("{} --> {}: {}", from.code(), to.code(), by.code());
            assert!(readme.contains(&edge), "README.md lacks: {edge}");
        }
    }
}
