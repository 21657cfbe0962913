//! What is written on a case: messages between applicant and centre, and notes that only the staff see.

use kernel::{AccountId, Actor, Refusal, Role};

use super::{case::Case, codes};

/// Who writes or reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Applicant,
    Staff,
}

impl Side {
    /// Of whoever sees the case: its owner, or those of the staff who work on cases. Nothing for everybody else.
    pub(crate) fn of(case: &Case, actor: &Actor) -> Option<(Self, AccountId)> {
        let account = actor.account()?;
        if account == case.owner {
            return Some((Self::Applicant, account));
        }
        let works = actor.has_role(Role::Manager) || actor.has_role(Role::Supervisor);
        works.then_some((Self::Staff, account))
    }
}

/// How much was written, and how much of it each side has not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Thread {
    pub messages: u32,
    pub notes: u32,
    pub unread_by_applicant: u32,
    pub unread_by_staff: u32,
}

impl Thread {
    /// The message's ordinal. Whoever answers has read.
    pub(crate) fn post(&mut self, by: Side, most: u32) -> Result<u32, Refusal> {
        if self.messages >= most {
            return Err(Refusal::new(codes::THREAD_FULL));
        }
        self.messages += 1;
        match by {
            Side::Applicant => {
                self.unread_by_staff += 1;
                self.unread_by_applicant = 0;
            }
            Side::Staff => {
                self.unread_by_applicant += 1;
                self.unread_by_staff = 0;
            }
        }
        Ok(self.messages)
    }

    /// The note's ordinal.
    pub(crate) fn note(&mut self, most: u32) -> Result<u32, Refusal> {
        if self.notes >= most {
            return Err(Refusal::new(codes::THREAD_FULL));
        }
        self.notes += 1;
        Ok(self.notes)
    }

    pub(crate) fn unread_by(&self, side: Side) -> u32 {
        match side {
            Side::Applicant => self.unread_by_applicant,
            Side::Staff => self.unread_by_staff,
        }
    }
}

/// Whether what `who` reads counts as read by the staff: he handles the case, or nobody does.
pub(crate) fn reads_for_staff(case: &Case, who: AccountId) -> bool {
    case.assigned_to.is_none_or(|manager| manager == who)
}
