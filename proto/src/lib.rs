//! The published language: the Rust made from the .proto files. Knows no other crate of ours.

mod generated {
    include!(concat!(env!("OUT_DIR"), "/portal.rs"));
}

pub use generated::portal::*;

/// The descriptors of all packages, for gRPC reflection and contract tests.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// A fact that travels in an [`common::v1::Envelope`]: its full name and its producer's aggregate.
pub trait Fact: prost::Message + Default {
    /// Full protobuf name, for example `portal.billing.v1.InvoiceIssued`.
    const TYPE: &'static str;
    /// Past-tense name in snake case, the last part of the subject.
    const NAME: &'static str;
    /// Aggregate that the fact is about, for example `billable`.
    const AGGREGATE: &'static str;
}

macro_rules! facts {
    ($($context:ident / $aggregate:literal { $($message:ident = $name:literal),* $(,)? })*) => {
        $($(impl Fact for $context::v1::$message {
            const TYPE: &'static str = concat!("portal.", stringify!($context), ".v1.", stringify!($message));
            const NAME: &'static str = $name;
            const AGGREGATE: &'static str = $aggregate;
        })*)*

        /// Every fact of every context: full name and subject.
        pub const FACTS: &[(&str, &str)] = &[
            $($((
                concat!("portal.", stringify!($context), ".v1.", stringify!($message)),
                concat!("portal.", stringify!($context), ".v1.", $aggregate, ".", $name),
            ),)*)*
        ];
    };
}

facts! {
    identity / "account" {
        UserRegistered = "user_registered",
        UserDisabled = "user_disabled",
        StaffInvited = "staff_invited",
        EmailVerified = "email_verified",
        LetterDue = "letter_due",
        RolesChanged = "roles_changed",
    }
    applications / "application" {
        ApplicationSubmitted = "submitted",
        ApplicationClaimed = "claimed",
        ApplicationReturned = "returned",
        ApplicationResubmitted = "resubmitted",
        ApprovalRecommended = "approval_recommended",
        SentBackToReview = "sent_back_to_review",
        ApplicationRejected = "rejected",
        ApplicationApproved = "approved",
        ApplicationCancelled = "cancelled",
        DocumentsAwaited = "documents_awaited",
        DocumentsNoLongerAwaited = "documents_no_longer_awaited",
        ApplicationProgressed = "progressed",
        ApplicationAssigned = "assigned",
        DraftExpiring = "draft_expiring",
        ApplicationExpired = "expired",
    }
    applications / "term" {
        CorrectionDue = "correction_due",
        StepOverdue = "step_overdue",
    }
    applications / "thread" {
        MessagePosted = "message_posted",
    }
    billing / "billable" {
        InvoiceIssued = "invoice_issued",
        InvoiceVoided = "invoice_voided",
        InvoiceExpired = "invoice_expired",
        InvoiceReminderDue = "invoice_reminder_due",
        PaymentStatusChanged = "payment_status_changed",
        RefundOrdered = "refund_ordered",
        RefundChanged = "refund_changed",
    }
    payments / "attempt" {
        AttemptStarted = "started",
        ChargeVerified = "charge_verified",
        AttemptClosed = "closed",
        ChargeMismatched = "charge_mismatched",
    }
    payments / "refund" {
        RefundExecuted = "executed",
        RefundFailed = "failed",
    }
    booking / "appointment" {
        AppointmentBooked = "booked",
        AppointmentCancelled = "cancelled",
        AppointmentCheckedIn = "checked_in",
        AppointmentServed = "served",
        AppointmentMissed = "missed",
        AppointmentMoved = "moved",
        AppointmentReminderDue = "reminder_due",
        AppointmentConfirmed = "confirmed",
        AppointmentDisplaced = "displaced",
    }
    booking / "holidays" {
        HolidaysChanged = "changed",
    }
}
