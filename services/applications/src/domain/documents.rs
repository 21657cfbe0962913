//! Papers: who is asked for which, and where an uploaded file stands.

use kernel::{DocumentId, Time, coded};
use serde::{Deserialize, Serialize};

use super::form::{Condition, Values};

/// A paper that a service asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requirement {
    /// Code of the paper.
    pub document: String,
    #[serde(default)]
    pub required: Need,
    /// Asked for only where the answers are so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// One for the application rather than one a person; the paper says so.
    #[serde(skip)]
    pub per_application: bool,
    /// Brought to the visit as an original; the paper says so.
    #[serde(skip)]
    pub original: bool,
}

/// Who has to bring a paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Need {
    #[default]
    Always,
    /// Members of the AIFC; others may.
    Members,
    Optional,
}

impl Requirement {
    pub(crate) fn is_asked(&self, answers: &Values) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(answers))
    }

    pub(crate) fn is_required(&self, member: bool) -> bool {
        match self.required {
            Need::Always => true,
            Need::Members => member,
            Need::Optional => false,
        }
    }
}

coded! {
    /// State of one uploaded file. One that is replaced was taken away after it had been submitted: it is kept and
    /// shown to staff, and counts no more.
    DocumentState {
        Receiving = "receiving",
        Uploaded = "uploaded",
        Accepted = "accepted",
        Rejected = "rejected",
        Replaced = "replaced",
    }
}

impl DocumentState {
    /// What becomes of a file that is taken away: what was submitted is kept, the rest is swept.
    pub(crate) fn taken_away(submitted: bool) -> Self {
        if submitted { Self::Replaced } else { Self::Receiving }
    }
}

/// Code of the files in which staff give what came of a person's case.
pub(crate) const RESULT: &str = "result";

/// Code of the client's signed mandate, by which staff submit for him.
pub(crate) const MANDATE: &str = "mandate";

/// One uploaded file.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub id: DocumentId,
    /// Item of the checklist.
    pub code: String,
    pub file_name: String,
    pub media_type: String,
    pub size_bytes: u64,
    pub uploaded_at: Time,
    pub state: DocumentState,
    pub reason: String,
    pub scanned: bool,
    /// Of what is kept, as hexadecimal digits.
    pub sha256: String,
}

impl Document {
    /// Whether it stands for its paper, or once did.
    pub(crate) fn counts(&self) -> bool {
        match self.state {
            DocumentState::Uploaded | DocumentState::Accepted | DocumentState::Rejected => true,
            DocumentState::Receiving | DocumentState::Replaced => false,
        }
    }
}
