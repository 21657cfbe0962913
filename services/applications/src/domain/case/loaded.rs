//! A case as it was when it was loaded, so that a move writes only what it has changed.

use std::collections::{BTreeMap, HashMap};

use kernel::{AccountId, DocumentId, PersonItemId};

use super::{Case, Dispatch, ItemState, Mark, Person};
use crate::domain::{
    changes::{Answered, Answers},
    documents::{Document, DocumentState},
    state::State,
};

/// What stands in rows of its own, as it was when the case was loaded: a move writes only what it has changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loaded {
    /// Nothing for a new one.
    pub state: Option<State>,
    items: HashMap<PersonItemId, (ItemState, Option<Dispatch>, String)>,
    papers: HashMap<DocumentId, (DocumentState, String)>,
    marks: Vec<Mark>,
    /// Lines are priced otherwise than their rows say.
    pub priced_anew: bool,
    /// Everybody who ever recommended it, while it is under review.
    pub recommended_by: Vec<AccountId>,
    /// What it said when it was returned, while it is with the applicant again.
    pub returned: Option<Answers>,
    /// What the applicant says to the marks, by field.
    pub replies: BTreeMap<String, String>,
}

impl Loaded {
    pub(crate) fn of(case: &Case) -> Self {
        Self {
            state: Some(case.state),
            items: case
                .persons()
                .map(|person| (person.id, (person.item_state, person.dispatch.clone(), person.decision_note.clone())))
                .collect(),
            papers: case.all_documents().map(|paper| (paper.id, (paper.state, paper.reason.clone()))).collect(),
            marks: case.marks.clone(),
            priced_anew: false,
            recommended_by: Vec::new(),
            returned: None,
            replies: BTreeMap::new(),
        }
    }

    pub(crate) fn has_item(&self, person: &Person) -> bool {
        self.items.get(&person.id).is_some_and(|(state, dispatch, note)| {
            *state == person.item_state && *dispatch == person.dispatch && *note == person.decision_note
        })
    }

    pub(crate) fn has_paper(&self, paper: &Document) -> bool {
        self.papers.get(&paper.id).is_some_and(|(state, reason)| *state == paper.state && *reason == paper.reason)
    }

    /// The marks as they were, with what the applicant says to each.
    pub(crate) fn answered(&self) -> Vec<Answered> {
        let reply = |mark: &Mark| self.replies.get(&mark.field).cloned().unwrap_or_default();
        let answered =
            |mark: &Mark| Answered { field: mark.field.clone(), reason: mark.reason.clone(), reply: reply(mark) };
        self.marks.iter().map(answered).collect()
    }

    pub(crate) fn has_marks(&self, marks: &[Mark]) -> bool {
        self.marks == marks
    }
}
