//! Why a document could not be made. All of these are faults of ours or of the content's shape; none is the reader's to mend.

/// A failed rendering.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the content cannot be handed to the template: {0}")]
    Content(#[from] serde_json::Error),
    #[error("the address does not fit into a code for a camera: {0}")]
    Camera(String),
    #[error("the template does not compile: {0}")]
    Template(String),
    #[error("the document cannot be written as PDF: {0}")]
    Export(String),
}
