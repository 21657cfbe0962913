//! What messages there are. Each has its subject and body in `templates/*.ftl`.

macro_rules! kinds {
    ($($variant:ident = $code:literal to $link:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind { $($variant),* }

        impl Kind {
            const ALL: &[Self] = &[$(Self::$variant),*];

            pub(crate) fn all() -> &'static [Self] {
                Self::ALL
            }

            /// Stable code; the texts' key has dashes for its underscores.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// Where the message leads; `{}` is the application's number.
            pub(crate) fn link(self) -> &'static str {
                match self { $(Self::$variant => $link),* }
            }

            pub(crate) fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }

        impl Kind {
            /// Whether it carries a code, which is entered on a page.
            pub(crate) fn has_code(self) -> bool {
                self == Self::ConfirmPhone
            }

            /// Whether its link holds a secret, which stands in the mail alone.
            pub(crate) fn is_secret(self) -> bool {
                matches!(self, Self::VerifyEmail | Self::ResetPassword | Self::AccountOpened | Self::ChangeEmail)
            }
        }

    };
}

kinds! {
    Welcome = "welcome" to "/applications",
    VerifyEmail = "verify_email" to "/verify-email",
    ResetPassword = "reset_password" to "/reset-password",
    AccountOpened = "account_opened" to "/reset-password",
    ChangeEmail = "change_email" to "/confirm-email",
    ConfirmPhone = "confirm_phone" to "/account/phone",
    EmailChanged = "email_changed" to "/account",
    PasswordChanged = "password_changed" to "/account",
    AccountClosed = "account_closed" to "/",
    RolesChanged = "roles_changed" to "/account",
    AccountDisabled = "account_disabled" to "/",
    AccountEnabled = "account_enabled" to "/login",
    ApplicationSubmitted = "application_submitted" to "/applications/{}",
    DraftExpiring = "draft_expiring" to "/applications/{}",
    CorrectionDue = "correction_due" to "/applications/{}",
    NotCorrected = "not_corrected" to "/applications/{}/overview",
    NotPaid = "not_paid" to "/applications/{}/overview",
    ApplicationReturned = "application_returned" to "/applications/{}",
    ApplicationRejected = "application_rejected" to "/applications/{}",
    ApplicationApproved = "application_approved" to "/applications/{}",
    ApplicationCancelled = "application_cancelled" to "/applications/{}",
    InvoiceIssued = "invoice_issued" to "/applications/{}",
    InvoiceReminder = "invoice_reminder" to "/applications/{}",
    PaymentPending = "payment_pending" to "/applications/{}",
    PaymentPart = "payment_part" to "/applications/{}",
    PaymentPaid = "payment_paid" to "/applications/{}",
    PaymentDeclined = "payment_declined" to "/applications/{}",
    RefundRequested = "refund_requested" to "/applications/{}/refund",
    RefundApproved = "refund_approved" to "/applications/{}/refund",
    RefundDeclined = "refund_declined" to "/applications/{}/refund",
    RefundDone = "refund_done" to "/applications/{}/refund",
    AttemptFailed = "attempt_failed" to "/applications/{}",
    DocumentsAwaited = "documents_awaited" to "/applications/{}",
    AppointmentBooked = "appointment_booked" to "/applications/{}",
    AppointmentMoved = "appointment_moved" to "/booking/{}",
    AppointmentReminder = "appointment_reminder" to "/booking/{}",
    AppointmentDisplaced = "appointment_displaced" to "/booking/{}",
    AppointmentReleased = "appointment_released" to "/booking/{}",
    AppointmentCancelled = "appointment_cancelled" to "/applications/{}",
    OriginalsReceived = "originals_received" to "/applications/{}",
    OriginalsMissing = "originals_missing" to "/applications/{}/overview",
    Sent = "sent" to "/applications/{}/overview",
    MoreOriginals = "more_originals" to "/applications/{}/overview",
    Decided = "decided" to "/applications/{}",
    Ready = "ready" to "/applications/{}",
    Completed = "completed" to "/applications/{}",
    MessagePosted = "message_posted" to "/applications/{}/overview",
    StaffNewApplication = "staff_new_application" to "/staff/applications/{}",
    StaffResubmitted = "staff_resubmitted" to "/staff/applications/{}",
    StaffAssigned = "staff_assigned" to "/staff/applications/{}",
    StaffUnassigned = "staff_unassigned" to "/staff",
    StaffReleased = "staff_released" to "/staff/applications/{}",
    StaffMessagePosted = "staff_message_posted" to "/staff/applications/{}",
    StaffSentBack = "staff_sent_back" to "/staff/applications/{}",
    StaffApprovalRecommended = "staff_approval_recommended" to "/staff/applications/{}",
    StaffOverdue = "staff_overdue" to "/staff/applications/{}",
    StaffPaymentPending = "staff_payment_pending" to "/staff/payments",
    StaffRefundRequested = "staff_refund_requested" to "/staff/refunds",
    StaffRefundApproved = "staff_refund_approved" to "/staff/refunds",
    StaffRefundFailed = "staff_refund_failed" to "/staff/refunds",
    StaffDigest = "staff_digest" to "/staff",
    StaffMismatch = "staff_mismatch" to "/staff/mismatches",
}
