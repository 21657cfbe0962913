//! Messages and their delivery.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/api/v1/messages", "notifications.Notifications/ListMessages", "Own messages, newest first"),
        Call::get("/api/v1/messages/{message_id}", "notifications.Notifications/GetMessage", "One message"),
        Call::get(
            "/api/v1/messages/unread",
            "notifications.Notifications/CountUnreadMessages",
            "How many own messages are not read",
        ),
        Call::post("/api/v1/messages/read", "notifications.Notifications/MarkMessagesRead", "Own messages are read")
            .keyed(),
        Call::get("/api/v1/staff/deliveries", "notifications.Notifications/SearchDeliveries", "The ledger of messages"),
        Call::post(
            "/api/v1/staff/deliveries/{message_id}/retry",
            "notifications.Notifications/RetryDelivery",
            "Try a message once more",
        )
        .keyed(),
        Call::get("/api/v1/staff/message-texts", "notifications.Notifications/ListTexts", "Texts of messages"),
        Call::get(
            "/api/v1/staff/message-texts/{kind}",
            "notifications.Notifications/GetText",
            "One text, all versions",
        ),
        Call::put(
            "/api/v1/staff/message-texts/{kind}/draft",
            "notifications.Notifications/SaveTextDraft",
            "Write the draft of a text",
        ),
        Call::post(
            "/api/v1/staff/message-texts/{kind}/preview",
            "notifications.Notifications/PreviewText",
            "A version with sample values",
        ),
        Call::post(
            "/api/v1/staff/message-texts/{kind}/test",
            "notifications.Notifications/SendTestText",
            "Send it to oneself",
        )
        .keyed(),
        Call::post(
            "/api/v1/staff/message-texts/{kind}/publish",
            "notifications.Notifications/PublishText",
            "The draft counts from a day on",
        )
        .keyed(),
        Call::get(
            "/api/v1/applications/{application_number}/deliveries",
            "notifications.Notifications/ListDeliveries",
            "Messages on an application, with their delivery",
        ),
    ]
}
