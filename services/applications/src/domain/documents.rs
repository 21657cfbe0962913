//! Uploaded papers.

pub(crate) use kernel::file::{file_name, media_type};
use kernel::{DocumentId, Time, coded};

coded! {
    /// State of one uploaded file.
    DocumentState {
        Receiving = "receiving",
        Uploaded = "uploaded",
        Accepted = "accepted",
        Rejected = "rejected",
    }
}

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
}
