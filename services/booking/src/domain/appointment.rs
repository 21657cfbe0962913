//! An appointment of one person, and its legal moves.

use kernel::{AccountId, ApplicationNumber, AppointmentId, PersonItemId, Refusal, Time, coded};

use super::codes;

coded! {
    /// Where an appointment stands.
    State {
        Booked = "booked",
        CheckedIn = "checked_in",
        Served = "served",
        Missed = "missed",
        Cancelled = "cancelled",
    }
}

coded! {
    /// What moves it.
    Move {
        CheckIn = "CHECK_IN",
        Serve = "SERVE",
        Miss = "MISS",
        Cancel = "CANCEL",
    }
}

use Move as M;
use State as S;

/// Every legal move: from, by, to. What the moves below are held against.
#[cfg(test)]
pub(crate) const MOVES: &[(State, Move, State)] = &[
    (S::Booked, M::CheckIn, S::CheckedIn),
    (S::Booked, M::Miss, S::Missed),
    (S::Booked, M::Cancel, S::Cancelled),
    (S::CheckedIn, M::Serve, S::Served),
];

#[derive(Debug, Clone)]
pub(crate) struct Appointment {
    pub id: AppointmentId,
    pub application: ApplicationNumber,
    pub account: AccountId,
    pub item: PersonItemId,
    pub kind: String,
    pub start: Time,
    pub state: State,
    pub version: i64,
}

impl Appointment {
    /// Moves it. The same move in the state it leads to changes nothing and tells so.
    pub(crate) fn go(&mut self, by: Move) -> Result<bool, Refusal> {
        let to = match by {
            M::CheckIn => S::CheckedIn,
            M::Serve => S::Served,
            M::Miss => S::Missed,
            M::Cancel => S::Cancelled,
        };
        if self.state == to {
            return Ok(false);
        }
        let legal = match (self.state, by) {
            (S::Booked, M::CheckIn | M::Miss | M::Cancel) | (S::CheckedIn, M::Serve) => true,
            (S::Booked, M::Serve)
            | (S::CheckedIn | S::Served | S::Missed | S::Cancelled, M::CheckIn | M::Miss | M::Cancel)
            | (S::Served | S::Missed | S::Cancelled, M::Serve) => false,
        };
        if !legal {
            return Err(Refusal::new(codes::APPOINTMENT_STATE).with("state", self.state.code()));
        }
        self.state = to;
        self.version += 1;
        Ok(true)
    }

    /// Whether it takes a place of its slot and keeps its person from another one.
    pub(crate) fn is_active(&self) -> bool {
        match self.state {
            S::Booked | S::CheckedIn | S::Served => true,
            S::Missed | S::Cancelled => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_state_and_move_agrees_with_the_table() {
        for state in State::ALL {
            for by in Move::ALL {
                let mut appointment = Appointment {
                    id: AppointmentId::from_uuid(uuid::Uuid::nil()),
                    application: ApplicationNumber::new(101).unwrap(),
                    account: AccountId::from_uuid(uuid::Uuid::nil()),
                    item: PersonItemId::from_uuid(uuid::Uuid::nil()),
                    kind: "hand_over".to_owned(),
                    start: Time::from_micros(0),
                    state: *state,
                    version: 1,
                };
                let listed = MOVES.iter().find(|(from, with, _)| from == state && with == by).map(|(_, _, to)| *to);
                let went = appointment.go(*by);
                assert_eq!(went == Ok(true), listed.is_some(), "{} by {}", state.code(), by.code());
                if let Some(to) = listed {
                    assert_eq!(appointment.state, to);
                }
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
