//! The registry of participants.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/api/v1/participants", "participants.Participants/ListParticipants", "Search the registry"),
        Call::get("/api/v1/participants/{bin}", "participants.Participants/LookUpParticipant", "Look one BIN up"),
        Call::post(
            "/api/v1/participants/imports",
            "participants.Participants/ImportParticipants",
            "Add or update rows, all or none",
        )
        .keyed(),
    ]
}
