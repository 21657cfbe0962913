//! The registry of participants.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/api/v1/participants", "participants.Participants/ListParticipants", "Search the registry"),
        Call::get("/api/v1/participants/{bin}", "participants.Participants/LookUpParticipant", "Look one BIN up"),
        Call::get(
            "/api/v1/registry/{bin}",
            "participants.Participants/GetParticipant",
            "One participant, with history",
        ),
        Call::put("/api/v1/registry", "participants.Participants/SaveParticipant", "Change one participant by hand"),
        Call::get("/api/v1/participants/imports", "participants.Participants/ListImports", "Imports so far"),
        Call::post(
            "/api/v1/participants/imports/preview",
            "participants.Participants/PreviewImport",
            "What an import would change",
        ),
        Call::post(
            "/api/v1/participants/imports",
            "participants.Participants/ImportParticipants",
            "Add or update rows, all or none",
        )
        .keyed(),
    ]
}
