//! The one error that use-cases and edges speak of, and what it is on the wire.

use kernel::{Code, Refusal};
use sea_orm::DbErr;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user can act on it; told with a stable code and text in three languages.
    #[error("refused: {0}")]
    Refusal(#[from] Refusal),
    /// Not there, or not for this caller: the same answer.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in, or the token is no longer good.
    #[error("not signed in")]
    Unauthenticated,
    /// The caller's role or scope never permits it.
    #[error("not permitted")]
    Forbidden,
    /// Somebody changed it since it was read.
    #[error("version conflict")]
    VersionConflict,
    /// The same idempotency key came with another request.
    #[error("idempotency key used for another request")]
    KeyReused,
    /// Something needed is away; trying again is safe.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A message that no client of ours would send.
    #[error("malformed request: {0}")]
    Malformed(String),
    #[error("internal: {0:#}")]
    Internal(anyhow::Error),
}

impl Error {
    /// A refusal with nothing but its code.
    pub fn refuse(code: Code) -> Self {
        Self::Refusal(Refusal::new(code))
    }

    /// A refusal at one field.
    pub fn at(field: &str, code: Code) -> Self {
        Self::Refusal(Refusal::at(field, code))
    }

    /// A value that our own database should not hold.
    pub fn corrupt(table: &str, column: &str, id: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{table}.{column} of row {id} holds no valid value"))
    }
}

/// Whether the same work may well succeed a little later: the server is away or overloaded, or somebody else had the
/// rows first. Whatever it was, nothing of the unit of work was kept.
fn is_passing(error: &DbErr) -> bool {
    use sea_orm::{RuntimeErr, SqlxError};
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
    };
    if let SqlxError::Database(told) = inner.as_ref() {
        // Serialization, deadlock, lock not given, cancelled by time-out; the server stops, starts or is full; it
        // became a replica; and all faults of a connection.
        const CODES: [&str; 9] = ["40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300", "25006"];
        return told.code().is_some_and(|code| CODES.contains(&code.as_ref()) || code.starts_with("08"));
    }
    matches!(
        inner.as_ref(),
        SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::Protocol(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed
    )
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if is_passing(&error) {
            Self::Unavailable(format!("database: {error}"))
        } else {
            Self::Internal(anyhow::Error::new(error))
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// Codes of refusals that the chassis itself gives.
pub mod codes {
    use kernel::Code;

    pub const VERSION_CONFLICT: Code = Code::new("VERSION_CONFLICT");
    pub const IDEMPOTENCY_KEY_REUSED: Code = Code::new("IDEMPOTENCY_KEY_REUSED");
    pub const NOT_FOUND: Code = Code::new("NOT_FOUND");
    pub const NOT_PERMITTED: Code = Code::new("NOT_PERMITTED");
    pub const NOT_SIGNED_IN: Code = Code::new("NOT_SIGNED_IN");
    pub const UNAVAILABLE: Code = Code::new("UNAVAILABLE");
    pub const MALFORMED: Code = Code::new("MALFORMED");
    pub const INTERNAL: Code = Code::new("INTERNAL");

    pub const ALL: &[Code] = &[
        VERSION_CONFLICT,
        IDEMPOTENCY_KEY_REUSED,
        NOT_FOUND,
        NOT_PERMITTED,
        NOT_SIGNED_IN,
        UNAVAILABLE,
        MALFORMED,
        INTERNAL,
    ];
}
