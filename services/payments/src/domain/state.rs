//! The states of an attempt and its legal moves.

use kernel::coded;

coded! {
    /// Where an attempt stands.
    State {
        Created = "CREATED",
        Redirected = "REDIRECTED",
        Authorised = "AUTHORISED",
        Charged = "CHARGED",
        Failed = "FAILED",
        Abandoned = "ABANDONED",
        Mismatched = "MISMATCHED",
        Reversed = "REVERSED",
    }
}

impl State {
    /// The bank may still take money, and no other attempt may be opened.
    pub(crate) fn is_live(self) -> bool {
        match self {
            Self::Created | Self::Redirected | Self::Authorised => true,
            Self::Charged | Self::Failed | Self::Abandoned | Self::Mismatched | Self::Reversed => false,
        }
    }

    /// Nothing that the bank says later changes it.
    pub(crate) fn is_final(self) -> bool {
        match self {
            Self::Charged | Self::Mismatched => true,
            Self::Created | Self::Redirected | Self::Authorised | Self::Failed | Self::Abandoned | Self::Reversed => {
                false
            }
        }
    }
}

/// What moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Move {
    Redirect,
    VerifyCharge,
    Fail,
    Abandon,
    Mismatch,
    /// The bank holds the sum and has not taken it (two-step terminal).
    Authorise,
    /// What it held it let go.
    Reverse,
}

use Move as M;
use State as S;

/// Every legal move: from, by, to. The diagram in the README shows it, and a test compares it with [`next`].
pub(crate) const MOVES: &[(State, Move, State)] = &[
    (S::Created, M::Redirect, S::Redirected),
    (S::Created, M::VerifyCharge, S::Charged),
    (S::Created, M::Fail, S::Failed),
    (S::Created, M::Abandon, S::Abandoned),
    (S::Created, M::Mismatch, S::Mismatched),
    (S::Redirected, M::Redirect, S::Redirected),
    (S::Redirected, M::VerifyCharge, S::Charged),
    (S::Redirected, M::Fail, S::Failed),
    (S::Redirected, M::Abandon, S::Abandoned),
    (S::Redirected, M::Mismatch, S::Mismatched),
    (S::Failed, M::VerifyCharge, S::Charged),
    (S::Failed, M::Mismatch, S::Mismatched),
    (S::Abandoned, M::VerifyCharge, S::Charged),
    (S::Abandoned, M::Mismatch, S::Mismatched),
    (S::Created, M::Authorise, S::Authorised),
    (S::Redirected, M::Authorise, S::Authorised),
    (S::Failed, M::Authorise, S::Authorised),
    (S::Abandoned, M::Authorise, S::Authorised),
    (S::Authorised, M::VerifyCharge, S::Charged),
    (S::Authorised, M::Mismatch, S::Mismatched),
    (S::Authorised, M::Fail, S::Failed),
    (S::Authorised, M::Reverse, S::Reversed),
    (S::Reversed, M::VerifyCharge, S::Charged),
    (S::Reversed, M::Mismatch, S::Mismatched),
];

/// Where a move leads; none where the state does not know it. A charge that the bank confirms always wins over a
/// failure, and nothing wins over a charge.
pub(crate) fn next(state: State, by: Move) -> Option<State> {
    match (state, by) {
        (S::Created | S::Redirected, M::Redirect) => Some(S::Redirected),
        (S::Charged | S::Mismatched, _) => None,
        (_, M::VerifyCharge) => Some(S::Charged),
        (_, M::Mismatch) => Some(S::Mismatched),
        (S::Created | S::Redirected | S::Failed | S::Abandoned, M::Authorise) => Some(S::Authorised),
        (S::Created | S::Redirected | S::Authorised, M::Fail) => Some(S::Failed),
        (S::Created | S::Redirected, M::Abandon) => Some(S::Abandoned),
        (S::Authorised, M::Reverse) => Some(S::Reversed),
        (S::Failed | S::Abandoned | S::Authorised | S::Reversed, M::Redirect)
        | (S::Failed | S::Abandoned | S::Reversed, M::Fail)
        | (S::Failed | S::Abandoned | S::Authorised | S::Reversed, M::Abandon)
        | (S::Authorised | S::Reversed, M::Authorise)
        | (S::Created | S::Redirected | S::Failed | S::Abandoned | S::Reversed, M::Reverse) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_MOVES: [(Move, &str); 7] = [
        (M::Redirect, "REDIRECT"),
        (M::VerifyCharge, "VERIFY_CHARGE"),
        (M::Fail, "FAIL"),
        (M::Abandon, "ABANDON"),
        (M::Mismatch, "MISMATCH"),
        (M::Authorise, "AUTHORISE"),
        (M::Reverse, "REVERSE"),
    ];

    #[test]
    fn every_pair_of_state_and_move_agrees_with_the_table() {
        for state in State::ALL {
            for (by, name) in ALL_MOVES {
                let listed = MOVES.iter().find(|(from, with, _)| from == state && *with == by).map(|(_, _, to)| *to);
                assert_eq!(next(*state, by), listed, "{} by {name}", state.code());
            }
        }
    }

    #[test]
    fn the_readme_shows_the_moves_as_they_are() {
        let readme = include_str!("../../README.md");
        let edges = readme.lines().filter(|line| line.contains(" --> ") && !line.contains("[*]")).count();
        assert_eq!(edges, MOVES.len(), "README.md shows as many moves as there are");
        for (from, by, to) in MOVES {
            let name = ALL_MOVES.iter().find(|(known, _)| known == by).map(|(_, name)| *name).unwrap();
            let edge = format!("{} --> {}: {name}", from.code(), to.code());
            assert!(readme.contains(&edge), "README.md lacks: {edge}");
        }
    }
}
