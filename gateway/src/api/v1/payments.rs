//! Attempts to pay, and charges that do not fit.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::create("/api/v1/invoices/{invoice_id}/attempts", "payments.Payments/StartAttempt", "Start to pay"),
        Call::get(
            "/api/v1/applications/{application_number}/attempts",
            "payments.Payments/ListAttempts",
            "Attempts of an application",
        ),
        Call::get("/api/v1/attempts/{attempt_id}", "payments.Payments/GetAttempt", "One attempt"),
        Call::post("/api/v1/attempts/{attempt_id}/check", "payments.Payments/CheckAttempt", "Ask the bank now"),
        Call::get("/api/v1/mismatches", "payments.Payments/ListMismatches", "Charges that do not fit"),
    ]
}
