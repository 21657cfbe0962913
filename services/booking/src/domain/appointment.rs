//! An appointment of one person, and its legal moves.

use std::time::Duration;

use kernel::{AccountId, ApplicationNumber, AppointmentId, PersonItemId, Refusal, Time, coded};

use super::codes;

coded! {
    /// Where an appointment stands.
    State {
        Held = "held",
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
        Confirm = "CONFIRM",
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
    (S::Held, M::Confirm, S::Booked),
    (S::Booked, M::CheckIn, S::CheckedIn),
    (S::Booked, M::Miss, S::Missed),
    (S::Booked, M::Cancel, S::Cancelled),
    (S::CheckedIn, M::Serve, S::Served),
];

/// Letters and digits that nobody mistakes for one another.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

#[derive(Debug, Clone)]
pub(crate) struct Appointment {
    pub id: AppointmentId,
    pub application: ApplicationNumber,
    pub account: AccountId,
    pub item: PersonItemId,
    pub kind: String,
    /// Where it takes place; empty in old rows, which are the first office's.
    pub office: String,
    pub slot: String,
    pub start: Time,
    pub state: State,
    pub version: i64,
    /// When a hold ends.
    pub held_until: Option<Time>,
    /// When the applicant said that he will come.
    pub confirmed_at: Option<Time>,
    /// When he was asked whether he will.
    pub reminded_at: Option<Time>,
    /// When its office's hours left it without a slot, and its applicant was asked to choose another time.
    pub displaced_at: Option<Time>,
    /// How often the applicant has chosen another time.
    pub moves: i32,
}

impl Appointment {
    /// Moves it. The same move in the state it leads to changes nothing and tells so.
    pub(crate) fn go(&mut self, by: Move) -> Result<bool, Refusal> {
        let to = match by {
            M::Confirm => S::Booked,
            M::CheckIn => S::CheckedIn,
            M::Serve => S::Served,
            M::Miss => S::Missed,
            M::Cancel => S::Cancelled,
        };
        if self.state == to {
            return Ok(false);
        }
        let legal = match (self.state, by) {
            (S::Held, M::Confirm) | (S::Booked, M::CheckIn | M::Miss | M::Cancel) | (S::CheckedIn, M::Serve) => true,
            (S::Held, M::CheckIn | M::Serve | M::Miss | M::Cancel)
            | (S::Booked, M::Confirm | M::Serve)
            | (S::CheckedIn | S::Served | S::Missed | S::Cancelled, M::Confirm | M::CheckIn | M::Miss | M::Cancel)
            | (S::Served | S::Missed | S::Cancelled, M::Serve) => false,
        };
        if !legal {
            return Err(self.misplaced());
        }
        self.state = to;
        self.version += 1;
        Ok(true)
    }

    /// Gives it another time, here or in another office.
    pub(crate) fn relocate(&mut self, start: Time, office: &str, slot: String) -> Result<(), Refusal> {
        self.expect_booked()?;
        (self.start, self.slot) = (start, slot);
        office.clone_into(&mut self.office);
        (self.confirmed_at, self.reminded_at, self.displaced_at) = (None, None, None);
        self.version += 1;
        Ok(())
    }

    /// Whoever books shortly before the visit need not be asked whether he will come.
    pub(crate) fn settle_attendance(&mut self, now: Time, remind_before: Duration) {
        if self.start <= now.plus(remind_before) {
            self.confirmed_at = Some(now);
        }
    }

    pub(crate) fn expect_booked(&self) -> Result<(), Refusal> {
        if self.state == S::Booked { Ok(()) } else { Err(self.misplaced()) }
    }

    fn misplaced(&self) -> Refusal {
        Refusal::new(codes::APPOINTMENT_STATE).with("state", self.state.code())
    }

    /// Whether it takes a place of its slot and keeps its person from another one.
    pub(crate) fn is_active(&self) -> bool {
        match self.state {
            S::Held | S::Booked | S::CheckedIn => true,
            S::Served | S::Missed | S::Cancelled => false,
        }
    }

    /// What is told at the door: five signs of the random part of its id.
    pub(crate) fn code(&self) -> String {
        let number = self.id.uuid().as_u128();
        (0..5_u32)
            .filter_map(|place| {
                let index = usize::try_from((number >> (place * 5)) & 31).ok()?;
                SIGNS.get(index).map(|sign| char::from(*sign))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_state(state: State) -> Appointment {
        Appointment {
            id: AppointmentId::from_uuid(uuid::Uuid::nil()),
            application: ApplicationNumber::new(101).unwrap(),
            account: AccountId::from_uuid(uuid::Uuid::nil()),
            item: PersonItemId::from_uuid(uuid::Uuid::nil()),
            kind: "hand_over".to_owned(),
            office: String::new(),
            slot: String::new(),
            start: Time::from_micros(0),
            state,
            version: 1,
            held_until: None,
            confirmed_at: None,
            reminded_at: None,
            displaced_at: None,
            moves: 0,
        }
    }

    #[test]
    fn every_pair_of_state_and_move_agrees_with_the_table() {
        for state in State::ALL {
            for by in Move::ALL {
                let mut appointment = in_state(*state);
                let listed = MOVES.iter().find(|(from, with, _)| from == state && with == by).map(|(_, _, to)| *to);
                let went = appointment.go(*by);
                assert_eq!(went == Ok(true), listed.is_some(), "{} by {}", state.code(), by.code());
                if let Some(to) = listed {
                    assert_eq!(appointment.state, to);
                }
            }
            let moved = in_state(*state).relocate(Time::from_micros(1), "astana", String::new());
            assert_eq!(moved.is_ok(), *state == State::Booked);
        }
    }

    #[test]
    fn the_code_is_five_signs_of_the_id() {
        assert_eq!(in_state(State::Booked).code(), "22222");
        let id = AppointmentId::from_uuid(uuid::Uuid::from_u128(u128::MAX));
        assert_eq!(Appointment { id, ..in_state(State::Booked) }.code(), "ZZZZZ");
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
