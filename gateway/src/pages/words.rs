//! Small words of presentation: the tone of a status tag, the size of a file.
#![expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references and reach only methods")]

use proto::applications::v1::{ItemState, PaymentStatus, State};
use proto::common::v1::Money;

/// Tiyn of a sum; 0 for none.
#[expect(clippy::ref_option, reason = "templates hand over references")]
pub(crate) fn minor(money: &Option<Money>) -> i64 {
    money.as_ref().map_or(0, |money| money.amount_minor)
}

/// The currency of a sum; nothing for none.
#[expect(clippy::ref_option, reason = "templates hand over references")]
pub(crate) fn currency(money: &Option<Money>) -> &str {
    money.as_ref().map_or("", |money| &money.currency)
}

pub(crate) fn edition_tone(state: &str) -> &'static str {
    match state {
        "published" => "good",
        "proposed" => "warn",
        _ => "",
    }
}

pub(crate) fn state_tone(state: &i32) -> &'static str {
    match State::try_from(*state).unwrap_or_default() {
        State::Draft | State::Unspecified | State::Cancelled => "",
        State::New | State::InReview | State::PendingApproval | State::InProgress => "info",
        State::Returned | State::AwaitingPayment | State::AwaitingDocuments | State::DocsPartial => "warn",
        State::ReadyForPickup | State::Completed => "good",
        State::Rejected | State::Expired => "bad",
    }
}

pub(crate) fn payment_tone(status: &i32) -> &'static str {
    match PaymentStatus::try_from(*status).unwrap_or_default() {
        PaymentStatus::Unspecified | PaymentStatus::PartlyRefunded | PaymentStatus::Refunded => "",
        PaymentStatus::NotPaid | PaymentStatus::PartlyPaid => "warn",
        PaymentStatus::Pending => "info",
        PaymentStatus::Paid => "good",
    }
}

pub(crate) fn receipt_tone(state: &str) -> &'static str {
    match state {
        "matched" => "good",
        "declined" => "bad",
        "waiting" => "info",
        _ => "",
    }
}

pub(crate) fn statement_tone(state: &str) -> &'static str {
    match state {
        "matched" => "good",
        "proposed" => "warn",
        _ => "bad",
    }
}

pub(crate) fn refund_tone(state: &str) -> &'static str {
    match state {
        "done" => "good",
        "declined" | "failed" => "bad",
        "approved" => "warn",
        _ => "info",
    }
}

pub(crate) fn item_tone(state: &i32) -> &'static str {
    match ItemState::try_from(*state).unwrap_or_default() {
        ItemState::Unspecified => "",
        ItemState::AwaitingOriginals => "warn",
        ItemState::OriginalsReceived | ItemState::Sent => "info",
        ItemState::Granted => "good",
        ItemState::Refused => "bad",
    }
}

pub(crate) fn document_tone(state: &str) -> &'static str {
    match state {
        "accepted" => "good",
        "rejected" => "bad",
        _ => "info",
    }
}

pub(crate) fn visit_tone(state: &str) -> &'static str {
    match state {
        "booked" => "info",
        "checked_in" => "warn",
        "served" => "good",
        "missed" => "bad",
        _ => "",
    }
}

pub(crate) fn participant_tone(status: &str) -> &'static str {
    match status {
        "active" => "good",
        "suspended" | "in_liquidation" => "warn",
        _ => "bad",
    }
}

/// The id of a paper's place on a page.
pub(crate) fn paper_control(code: &str) -> String {
    format!("documents-{code}")
}

/// `320 KB`, `1.4 MB`.
pub(crate) fn size(bytes: &u64) -> String {
    if *bytes < 1_000_000 {
        return format!("{} KB", bytes.div_ceil(1000));
    }
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// Look of a message's delivery.
pub(crate) fn delivery_tone(state: &str) -> &'static str {
    match state {
        "sent" => "good",
        "failed" => "bad",
        "waiting" => "warn",
        _ => "",
    }
}
