//! Errors on the wire: gRPC status with `google.rpc.ErrorInfo` (reason = the refusal's code, domain = the
//! context) and field violations, and the way back from a status to code, fields and parameters.

use std::collections::HashMap;

use tonic::{Code as Grpc, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use crate::error::{Error, codes};

/// Encodes an error for `context`; faults are logged here, once, and told without detail.
pub fn encode(context: &'static str, error: Error) -> Status {
    let (grpc, code, message) = match &error {
        Error::Refusal(_) => (Grpc::FailedPrecondition, None, "refused"),
        Error::NotFound => (Grpc::NotFound, Some(codes::NOT_FOUND), "not found"),
        Error::Unauthenticated => (Grpc::Unauthenticated, Some(codes::NOT_SIGNED_IN), "not signed in"),
        Error::Forbidden => (Grpc::PermissionDenied, Some(codes::NOT_PERMITTED), "not permitted"),
        Error::VersionConflict => (Grpc::Aborted, Some(codes::VERSION_CONFLICT), "changed since it was read"),
        Error::KeyReused => {
            (Grpc::AlreadyExists, Some(codes::IDEMPOTENCY_KEY_REUSED), "idempotency key used for another request")
        }
        Error::Unavailable(_) => (Grpc::Unavailable, Some(codes::UNAVAILABLE), "unavailable, try again"),
        Error::Malformed(_) => (Grpc::InvalidArgument, Some(codes::MALFORMED), "malformed request"),
        Error::Internal(_) => (Grpc::Internal, Some(codes::INTERNAL), "internal error"),
    };
    match &error {
        Error::Internal(_) => tracing::error!(context, error = %error, "call failed"),
        Error::Unavailable(_) => tracing::warn!(context, error = %error, "dependency away"),
        Error::Refusal(refusal) => tracing::info!(context, code = refusal.code.as_str(), "refused"),
        Error::NotFound
        | Error::Unauthenticated
        | Error::Forbidden
        | Error::VersionConflict
        | Error::KeyReused
        | Error::Malformed(_) => {}
    }
    let mut details = ErrorDetails::new();
    if let Error::Refusal(refusal) = &error {
        let mut metadata: HashMap<String, String> =
            refusal.params.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        for (index, violation) in refusal.violations.iter().enumerate() {
            for (key, value) in &violation.params {
                metadata.insert(format!("violations[{index}].{key}"), value.clone());
            }
        }
        details.set_error_info(refusal.code.as_str(), context, metadata);
        if !refusal.violations.is_empty() {
            let fields = refusal
                .violations
                .iter()
                .map(|violation| FieldViolation::new(&violation.field, violation.code.as_str()))
                .collect::<Vec<_>>();
            details.set_bad_request(fields);
        }
    } else if let Some(code) = code {
        details.set_error_info(code.as_str(), context, HashMap::new());
    }
    Status::with_error_details(grpc, message, details)
}

/// What a status tells: the gRPC code, the refusal's code, its parameters and the fields it stands at.
#[derive(Debug, Clone)]
pub struct ParsedStatus {
    pub code: Grpc,
    /// Stable SCREAMING code; `INTERNAL` where the status carries none.
    pub reason: String,
    pub params: HashMap<String, String>,
    pub violations: Vec<ParsedViolation>,
}

/// One field and what is wrong with it.
#[derive(Debug, Clone)]
pub struct ParsedViolation {
    pub field: String,
    pub code: String,
    pub params: HashMap<String, String>,
}

/// Reads a status back. A status without details (a dead connection, a deadline) gets a code by its kind.
pub fn parse(status: &Status) -> ParsedStatus {
    let details = status.get_error_details();
    let fallback = match status.code() {
        Grpc::Unavailable | Grpc::DeadlineExceeded | Grpc::Cancelled | Grpc::ResourceExhausted => codes::UNAVAILABLE,
        Grpc::Unauthenticated => codes::NOT_SIGNED_IN,
        Grpc::PermissionDenied => codes::NOT_PERMITTED,
        Grpc::NotFound => codes::NOT_FOUND,
        Grpc::InvalidArgument | Grpc::OutOfRange => codes::MALFORMED,
        Grpc::Aborted => codes::VERSION_CONFLICT,
        Grpc::Ok
        | Grpc::Unknown
        | Grpc::AlreadyExists
        | Grpc::FailedPrecondition
        | Grpc::Unimplemented
        | Grpc::Internal
        | Grpc::DataLoss => codes::INTERNAL,
    };
    let (reason, metadata) = details.error_info().map_or_else(
        || (fallback.as_str().to_owned(), HashMap::new()),
        |info| (info.reason.clone(), info.metadata.clone()),
    );
    let violations = details.bad_request().map_or_else(Vec::new, |bad| {
        bad.field_violations
            .iter()
            .enumerate()
            .map(|(index, violation)| {
                let prefix = format!("violations[{index}].");
                ParsedViolation {
                    field: violation.field.clone(),
                    code: violation.description.clone(),
                    params: metadata
                        .iter()
                        .filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_owned(), value.clone())))
                        .collect(),
                }
            })
            .collect()
    });
    ParsedStatus { code: status.code(), reason, params: metadata, violations }
}

/// A status of another service, as our own error: what the user can act on stays a refusal's business there.
pub fn into_error(status: &Status) -> Error {
    match status.code() {
        Grpc::Unavailable | Grpc::DeadlineExceeded | Grpc::ResourceExhausted | Grpc::Cancelled => {
            Error::Unavailable(status.message().to_owned())
        }
        Grpc::NotFound => Error::NotFound,
        Grpc::Unauthenticated => Error::Unauthenticated,
        Grpc::PermissionDenied => Error::Forbidden,
        Grpc::Ok
        | Grpc::Unknown
        | Grpc::InvalidArgument
        | Grpc::AlreadyExists
        | Grpc::FailedPrecondition
        | Grpc::Aborted
        | Grpc::OutOfRange
        | Grpc::Unimplemented
        | Grpc::Internal
        | Grpc::DataLoss => Error::Internal(anyhow::anyhow!("call answered {:?}: {}", status.code(), status.message())),
    }
}
