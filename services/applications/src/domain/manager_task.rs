//! What a personal manager does for a line that has one.

use jiff::civil::Date;
use kernel::{LineId, Refusal, coded};

use super::{
    case::{Case, Line},
    codes,
};

coded! {
    /// One of his tasks, in the order in which they are done.
    Task {
        Forms = "forms",
        Submission = "submission",
        Notary = "notary",
        Translation = "translation",
        Delivery = "delivery",
    }
}

/// Until when a task should be done, and since when it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Given {
    pub task: Task,
    pub due_on: Option<Date>,
    pub done_on: Option<Date>,
}

impl Case {
    /// The line whose tasks are written; refused where no personal manager was taken for it, or nothing is done yet or any
    /// more.
    pub(crate) fn managed_line(&self, id: &str) -> Result<&Line, Refusal> {
        let id = id.parse::<LineId>().ok();
        let line = self.lines.iter().find(|line| Some(line.id) == id && line.personal_manager);
        let line = line.ok_or_else(|| Refusal::at("line_id", codes::LINE_UNKNOWN))?;
        if self.submitted_at.is_none() || !self.state.is_open() {
            return Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", self.state.code()));
        }
        Ok(line)
    }

    pub(crate) fn has_personal_manager(&self) -> bool {
        self.lines.iter().any(|line| line.personal_manager)
    }
}
