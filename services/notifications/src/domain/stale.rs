//! Whether what a message would say is still so, by what is known of its case at the moment of sending.

use super::kind::Kind;

/// What is known of a case; empty where no fact has told it.
pub(crate) struct Known<'a> {
    pub state: &'a str,
    pub payment_status: &'a str,
}

/// Behind the step in which something is to be paid.
const PAID_FOR: [&str; 8] = [
    "AWAITING_DOCUMENTS",
    "DOCS_PARTIAL",
    "IN_PROGRESS",
    "READY_FOR_PICKUP",
    "COMPLETED",
    "REJECTED",
    "CANCELLED",
    "EXPIRED",
];
/// Behind the step in which originals are brought.
const BROUGHT: [&str; 4] = ["IN_PROGRESS", "READY_FOR_PICKUP", "COMPLETED", "CANCELLED"];

/// Why a message is not sent any more; a visit's start is compared with the clock.
pub(crate) fn overtaken(kind: Kind, known: &Known<'_>, starts_at: Option<i64>, now: i64) -> Option<&'static str> {
    let paid = ["pending", "paid", "partly_refunded", "refunded"].contains(&known.payment_status);
    let among = |states: &[&str]| states.contains(&known.state);
    let over = |is: bool| is.then_some("step_over");
    match kind {
        Kind::ApplicationApproved | Kind::InvoiceIssued | Kind::InvoiceReminder | Kind::AttemptFailed if paid => {
            Some("paid")
        }
        Kind::ApplicationApproved | Kind::InvoiceIssued | Kind::InvoiceReminder | Kind::AttemptFailed => {
            over(among(&PAID_FOR))
        }
        Kind::CorrectionDue => over(!known.state.is_empty() && known.state != "RETURNED"),
        Kind::DraftExpiring => over(!known.state.is_empty()),
        Kind::DocumentsAwaited => over(among(&BROUGHT)),
        // Whose papers are handed out need not come for them.
        Kind::Ready | Kind::AppointmentCancelled => over(among(&["COMPLETED"])),
        Kind::AppointmentBooked | Kind::AppointmentMoved | Kind::AppointmentReminder | Kind::AppointmentDisplaced => {
            starts_at.is_some_and(|start| start <= now).then_some("time_over")
        }
        Kind::StaffPaymentPending => (known.payment_status == "paid").then_some("paid"),
        Kind::StaffApprovalRecommended => {
            over(among(&["AWAITING_PAYMENT", "REJECTED", "CANCELLED"]) || among(&BROUGHT))
        }
        Kind::Welcome
        | Kind::VerifyEmail
        | Kind::ResetPassword
        | Kind::AccountOpened
        | Kind::ChangeEmail
        | Kind::ConfirmPhone
        | Kind::EmailChanged
        | Kind::PasswordChanged
        | Kind::AccountClosed
        | Kind::RolesChanged
        | Kind::AccountDisabled
        | Kind::AccountEnabled
        | Kind::ApplicationSubmitted
        | Kind::NotCorrected
        | Kind::NotPaid
        | Kind::ApplicationReturned
        | Kind::ApplicationRejected
        | Kind::ApplicationCancelled
        | Kind::PaymentPending
        | Kind::PaymentPart
        | Kind::PaymentPaid
        | Kind::PaymentDeclined
        | Kind::RefundRequested
        | Kind::RefundApproved
        | Kind::RefundDeclined
        | Kind::RefundDone
        | Kind::AppointmentReleased
        | Kind::OriginalsReceived
        | Kind::OriginalsMissing
        | Kind::Sent
        | Kind::MoreOriginals
        | Kind::Decided
        | Kind::Completed
        | Kind::MessagePosted
        | Kind::StaffNewApplication
        | Kind::StaffResubmitted
        | Kind::StaffAssigned
        | Kind::StaffUnassigned
        | Kind::StaffReleased
        | Kind::StaffMessagePosted
        | Kind::StaffSentBack
        | Kind::StaffOverdue
        | Kind::StaffRefundRequested
        | Kind::StaffRefundApproved
        | Kind::StaffRefundFailed
        | Kind::StaffDigest
        | Kind::StaffMismatch => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_not_asked_for_once_it_is_done() {
        let told = |kind, state, payment_status| overtaken(kind, &Known { state, payment_status }, Some(5), 7);
        assert_eq!(told(Kind::InvoiceReminder, "AWAITING_PAYMENT", "not_paid"), None);
        assert_eq!(told(Kind::InvoiceReminder, "AWAITING_PAYMENT", "pending"), Some("paid"));
        assert_eq!(told(Kind::InvoiceReminder, "CANCELLED", "not_paid"), Some("step_over"));
        // A fact of billing may come before that of the approval.
        assert_eq!(told(Kind::InvoiceIssued, "PENDING_APPROVAL", ""), None);
        assert_eq!(told(Kind::CorrectionDue, "RETURNED", ""), None);
        assert_eq!(told(Kind::CorrectionDue, "NEW", ""), Some("step_over"));
        assert_eq!(told(Kind::AppointmentReminder, "AWAITING_DOCUMENTS", "paid"), Some("time_over"));
        assert_eq!(told(Kind::Completed, "COMPLETED", "paid"), None);
    }
}
