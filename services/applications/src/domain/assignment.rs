//! Who handles a case: given to a manager, given back to the pool. The state stays; only the hands change.

use kernel::{AccountId, Refusal};

use super::{case::Case, codes, facts::Fact};

type Decided = Result<Vec<Fact>, Refusal>;

impl Case {
    /// A supervisor gives the case to a manager. Whoever had it before is owed a reason. To the same one again: nothing
    /// changes.
    pub(crate) fn assign(&mut self, to: AccountId, by: AccountId, reason: &str) -> Decided {
        self.open()?;
        if to == self.owner {
            return Err(Refusal::at("account_id", codes::ASSIGNEE_UNKNOWN));
        }
        if self.assigned_to == Some(to) {
            return Ok(Vec::new());
        }
        if self.assigned_to.is_some() {
            reasoned(reason)?;
        }
        let from = self.assigned_to.replace(to);
        Ok(vec![Fact::Assigned { from, to: Some(to), by }])
    }

    /// Back to the pool: any manager may claim it, in whatever state it stands. Of the pool already: nothing changes.
    pub(crate) fn release(&mut self, by: AccountId, reason: &str) -> Decided {
        self.open()?;
        reasoned(reason)?;
        let Some(from) = self.assigned_to.take() else { return Ok(Vec::new()) };
        Ok(vec![Fact::Assigned { from: Some(from), to: None, by }])
    }

    fn open(&self) -> Result<(), Refusal> {
        if self.state.is_open() {
            Ok(())
        } else {
            Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code()))
        }
    }
}

fn reasoned(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::at("reason", codes::REASON_MISSING)) } else { Ok(()) }
}
