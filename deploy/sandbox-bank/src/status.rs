//! The life of a transaction: every state, every step, and the moves that are legal.

use serde::{Deserialize, Serialize};

/// Where a transaction stands, in the bank's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// The card page was opened.
    #[serde(rename = "NEW")]
    New,
    /// The browser is looked at before 3-D Secure.
    #[serde(rename = "FINGERPRINT")]
    Fingerprint,
    /// Waits for the one-time code.
    #[serde(rename = "3D")]
    ThreeD,
    /// The sum is held, not taken.
    #[serde(rename = "AUTH")]
    Auth,
    /// The sum is taken.
    #[serde(rename = "CHARGE")]
    Charge,
    /// The hold was released.
    #[serde(rename = "CANCEL")]
    Cancel,
    /// All was returned.
    #[serde(rename = "REFUND")]
    Refund,
    /// The issuer declined.
    #[serde(rename = "REJECT")]
    Reject,
    /// It broke off: 3-D Secure or a system failed.
    #[serde(rename = "FAILED")]
    Failed,
}

impl Status {
    /// The bank's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Fingerprint => "FINGERPRINT",
            Self::ThreeD => "3D",
            Self::Auth => "AUTH",
            Self::Charge => "CHARGE",
            Self::Cancel => "CANCEL",
            Self::Refund => "REFUND",
            Self::Reject => "REJECT",
            Self::Failed => "FAILED",
        }
    }

    /// The state after a step, if the step is legal.
    pub fn after(self, step: Step) -> Option<Self> {
        MOVES.iter().find(|(from, by, _)| *from == self && *by == step).map(|(_, _, to)| *to)
    }
}

/// What can happen to a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The browser is looked at.
    Identify,
    /// The one-time code is asked for.
    Challenge,
    /// The sum is held.
    Hold,
    /// The held sum, or part of it, is taken.
    Take,
    /// The hold is released.
    Release,
    /// Part of the sum is returned.
    ReturnPart,
    /// What remains is returned.
    ReturnAll,
    /// The issuer declines.
    Decline,
    /// It breaks off.
    Break,
}

/// Every legal move; what does not stand here cannot happen.
pub const MOVES: &[(Status, Step, Status)] = &[
    (Status::New, Step::Identify, Status::Fingerprint),
    (Status::New, Step::Hold, Status::Auth),
    (Status::New, Step::Decline, Status::Reject),
    (Status::New, Step::Break, Status::Failed),
    (Status::Fingerprint, Step::Challenge, Status::ThreeD),
    (Status::ThreeD, Step::Hold, Status::Auth),
    (Status::ThreeD, Step::Break, Status::Failed),
    (Status::Auth, Step::Take, Status::Charge),
    (Status::Auth, Step::Release, Status::Cancel),
    (Status::Charge, Step::ReturnPart, Status::Charge),
    (Status::Charge, Step::ReturnAll, Status::Refund),
];
