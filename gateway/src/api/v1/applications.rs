//! The catalogue, applications, persons, and the case's moves.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/api/v1/catalogue", "applications.Applications/GetCatalogue", "Services, prices, forms, papers")
            .public(),
        Call::post("/api/v1/quote", "applications.Applications/GetQuote", "What a choice of services costs today")
            .public(),
        Call::get("/api/v1/public-offer", "applications.Applications/GetPublicOffer", "The public offer").public(),
        Call::get(
            "/api/v1/consent/application",
            "applications.Applications/GetConsentText",
            "What whoever submits consents to for the persons on the application",
        )
        .public(),
        Call::post(
            "/api/v1/reads/export",
            "applications.Applications/ExportReads",
            "Who read which cases and papers within a time",
        ),
        Call::get(
            "/api/v1/applications",
            "applications.Applications/ListApplications",
            "Own applications, newest first",
        ),
        Call::create("/api/v1/applications", "applications.Applications/CreateApplication", "Open a draft"),
        Call::get("/api/v1/applications/{number}", "applications.Applications/GetApplication", "One application"),
        Call::get("/api/v1/work", "applications.Applications/ListWork", "A work list of the staff"),
        Call::get("/api/v1/work/counts", "applications.Applications/CountWork", "How much waits on each work list"),
        Call::put(
            "/api/v1/applications/{number}/services",
            "applications.Applications/SaveServices",
            "Services, membership, walk-in",
        ),
        Call::put("/api/v1/applications/{number}/contact", "applications.Applications/SaveContact", "Contact details"),
        Call::post(
            "/api/v1/applications/{number}/persons",
            "applications.Applications/SavePerson",
            "Add a person to a line",
        )
        .keyed(),
        Call::put(
            "/api/v1/applications/{number}/persons/{person_id}",
            "applications.Applications/SavePerson",
            "Change a person",
        ),
        Call::delete(
            "/api/v1/applications/{number}/persons/{person_id}",
            "applications.Applications/RemovePerson",
            "Remove a person",
        ),
        Call::put(
            "/api/v1/applications/{number}/lines/{line_id}/answers",
            "applications.Applications/SaveLineAnswers",
            "The form of a line that is not for persons",
        ),
        Call::delete(
            "/api/v1/applications/{number}/documents/{document_id}",
            "applications.Applications/RemoveDocument",
            "Remove a document",
        ),
        Call::post("/api/v1/applications/{number}/submit", "applications.Applications/SubmitApplication", "Submit")
            .keyed(),
        Call::post(
            "/api/v1/applications/{number}/renew",
            "applications.Applications/RenewApplication",
            "Go on at today's price after the invoice ran out",
        )
        .keyed(),
        Call::post("/api/v1/applications/{number}/cancel", "applications.Applications/CancelApplication", "Cancel")
            .keyed(),
        Call::post(
            "/api/v1/applications/{number}/claim",
            "applications.Applications/ClaimApplication",
            "Claim for review",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/assign",
            "applications.Applications/AssignApplication",
            "Give the case to a manager",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/release",
            "applications.Applications/ReleaseApplication",
            "Give the case back to the pool",
        )
        .keyed(),
        Call::get(
            "/api/v1/applications/{number}/thread",
            "applications.Applications/GetThread",
            "Messages on the case; to staff their notes too",
        ),
        Call::create(
            "/api/v1/applications/{number}/messages",
            "applications.Applications/PostMessage",
            "Write to the other side",
        ),
        Call::create("/api/v1/applications/{number}/notes", "applications.Applications/AddNote", "Add a staff's note"),
        Call::post(
            "/api/v1/applications/{number}/marks",
            "applications.Applications/ReplyToMark",
            "Say why what is marked stays",
        )
        .keyed(),
        Call::get(
            "/api/v1/applications/{number}/changes",
            "applications.Applications/GetChanges",
            "What changed after the last return",
        ),
        Call::post(
            "/api/v1/applications/{number}/return",
            "applications.Applications/ReturnApplication",
            "Return for correction",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/recommend",
            "applications.Applications/RecommendApproval",
            "Recommend approval",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/documents/{document_id}/review",
            "applications.Applications/ReviewDocument",
            "Accept or reject a document",
        )
        .keyed(),
        Call::post("/api/v1/applications/{number}/approve", "applications.Applications/ApproveApplication", "Approve")
            .keyed(),
        Call::post(
            "/api/v1/applications/{number}/send-back",
            "applications.Applications/SendBackToReview",
            "Send back to review",
        )
        .keyed(),
        Call::post("/api/v1/applications/{number}/reject", "applications.Applications/RejectApplication", "Reject")
            .keyed(),
        Call::post(
            "/api/v1/applications/{number}/originals",
            "applications.Applications/ReceiveOriginals",
            "Originals received",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/state-body",
            "applications.Applications/SendToStateBody",
            "Papers went to the state body",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/more-originals",
            "applications.Applications/RequestOriginals",
            "The state body wants more originals",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/decisions",
            "applications.Applications/RecordDecision",
            "The state body's answer",
        )
        .keyed(),
        Call::post("/api/v1/applications/{number}/ready", "applications.Applications/MarkReady", "Ready for pickup")
            .keyed(),
        Call::post(
            "/api/v1/applications/{number}/complete",
            "applications.Applications/CompleteApplication",
            "End a case whose papers are all handed out",
        )
        .keyed(),
        Call::post(
            "/api/v1/applications/{number}/hand-outs",
            "applications.Applications/RecordHandOut",
            "Who took the papers",
        )
        .keyed(),
        Call::put(
            "/api/v1/applications/{number}/lines/{line_id}/tasks",
            "applications.Applications/SaveManagerTasks",
            "What the personal manager does for a line",
        ),
        Call::get("/api/v1/applications/{number}/acts/{kind}", "applications.Applications/GetAct", "A printed act"),
        Call::get("/api/v1/catalogue/editions", "applications.Applications/ListEditions", "Editions of the catalogue"),
        Call::get("/api/v1/catalogue/editions/{id}", "applications.Applications/GetEdition", "One edition"),
        Call::post(
            "/api/v1/catalogue/editions/preview",
            "applications.Applications/PreviewEdition",
            "What a new edition would be like",
        ),
        Call::get(
            "/api/v1/catalogue/files",
            "applications.Applications/ExportCatalogue",
            "What counts today, as files",
        ),
        Call::post(
            "/api/v1/catalogue/files",
            "applications.Applications/ImportCatalogue",
            "Bring files in, or see what they would change",
        )
        .keyed(),
        Call::create("/api/v1/catalogue/editions", "applications.Applications/ProposeEdition", "A new edition"),
        Call::post(
            "/api/v1/catalogue/editions/{id}/decision",
            "applications.Applications/DecideEdition",
            "Publish or decline an edition",
        )
        .keyed(),
        Call::get("/api/v1/reports/work", "applications.Applications/GetWorkReport", "Open cases and what was done"),
    ]
}
