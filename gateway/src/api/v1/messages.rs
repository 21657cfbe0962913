//! Messages and their delivery.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/api/v1/messages", "notifications.Notifications/ListMessages", "Own messages, newest first"),
        Call::get("/api/v1/messages/{message_id}", "notifications.Notifications/GetMessage", "One message"),
        Call::get(
            "/api/v1/applications/{application_number}/deliveries",
            "notifications.Notifications/ListDeliveries",
            "Messages on an application, with their delivery",
        ),
    ]
}
