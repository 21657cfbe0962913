//! What is told of each fact, and to whom.

use chassis::testing::{Alone, Coverage, Delivered, people};
use proto::{
    Fact,
    applications::v1 as applications,
    billing::v1 as billing,
    booking::v1 as booking,
    common::v1::Money,
    identity::v1::{LetterDue, UserRegistered},
    payments::v1 as payments,
};

use super::{NUMBER, account, inbox, owner, send_all, start, told};

/// Tells a fact and sends what came of it: the kinds that the owner and the staff have now read anew.
async fn kinds<F: Fact>(world: &Alone, version: i64, fact: &F) -> Vec<String> {
    let everybody = [people::applicant(), people::manager(), people::supervisor(), people::finance()];
    let count = async |world: &Alone| {
        let mut counts = Vec::new();
        for reader in &everybody {
            counts.push(inbox(world, reader.clone()).await.len());
        }
        counts
    };
    let before = count(world).await;
    world.tell(NUMBER, version, fact).await;
    world.pass_hours(1);
    send_all(world).await;
    let mut found = Vec::new();
    for (reader, before) in everybody.iter().zip(before) {
        let messages = inbox(world, reader.clone()).await;
        let fresh = messages.len() - before;
        found.extend(messages.into_iter().take(fresh).map(|message| format!("{} {}", reader.label(), message.kind)));
    }
    found
}

pub async fn each_fact_is_told_to_whom_it_concerns(coverage: &Coverage) {
    let world = start(coverage).await;
    let (number, account_id) = (NUMBER, owner());
    let own = || (NUMBER, owner());
    let total = Some(Money { amount_minor: 1_000_000, currency: "KZT".to_owned() });
    let manager_id = account(&people::manager());
    let visit = || {
        Some(booking::Visit {
            application_number: NUMBER,
            account_id: owner(),
            start_at_micros: 1_797_500_000_000_000,
            ..booking::Visit::default()
        })
    };
    let registered = UserRegistered { account_id: owner(), kind: "person".to_owned() };
    assert_eq!(kinds(&world, 1, &registered).await, ["applicant welcome"]);
    for kind in [
        "verify_email",
        "reset_password",
        "change_email",
        "confirm_phone",
        "email_changed",
        "password_changed",
        "account_closed",
        "roles_changed",
        "account_disabled",
        "account_opened",
        "account_enabled",
    ] {
        let fact = LetterDue { letter_id: format!("ltr_{kind}"), account_id: owner(), kind: kind.to_owned() };
        assert_eq!(kinds(&world, 1, &fact).await, [format!("applicant {kind}")]);
    }
    let younger = LetterDue { kind: "greeting_card".to_owned(), account_id: owner(), ..LetterDue::default() };
    assert!(kinds(&world, 1, &younger).await.is_empty());
    let fact = applications::ApplicationSubmitted { number, account_id: account_id.clone() };
    assert_eq!(kinds(&world, 2, &fact).await, ["applicant application_submitted", "manager staff_new_application"]);
    let fact = applications::ApplicationReturned { number, account_id: account_id.clone(), marks: 2 };
    assert_eq!(kinds(&world, 3, &fact).await, ["applicant application_returned"]);
    let fact = applications::CorrectionDue { number: NUMBER, account_id: owner(), days_left: 7 };
    assert_eq!(kinds(&world, 1, &fact).await, ["applicant correction_due"]);
    let fact = applications::ApplicationResubmitted { number, account_id: account_id.clone(), manager_id };
    assert_eq!(kinds(&world, 4, &fact).await, ["manager staff_resubmitted"]);
    let fact = applications::ApprovalRecommended { number, account_id: account_id.clone() };
    assert_eq!(kinds(&world, 5, &fact).await, ["supervisor staff_approval_recommended"]);
    // A case without a manager is everybody's.
    let fact = applications::SentBackToReview { number, account_id: account_id.clone(), manager_id: String::new() };
    assert_eq!(kinds(&world, 6, &fact).await, ["manager staff_sent_back"]);
    let fact = applications::ApplicationRejected { number, account_id: account_id.clone() };
    assert_eq!(kinds(&world, 7, &fact).await, ["applicant application_rejected"]);
    let fact = applications::ApplicationApproved { number, account_id: account_id.clone(), lines: Vec::new(), total };
    assert_eq!(kinds(&world, 8, &fact).await, ["applicant application_approved"]);
    let free = applications::ApplicationApproved { total: None, ..fact };
    assert!(kinds(&world, 9, &free).await.is_empty(), "nothing to pay: the awaited originals say it all");
    let fact = billing::InvoiceIssued {
        application_number: NUMBER,
        account_id: owner(),
        document_number: "P-O/2026/1".to_owned(),
        ..billing::InvoiceIssued::default()
    };
    assert_eq!(kinds(&world, 2, &fact).await, ["applicant invoice_issued"]);
    let fact = billing::InvoiceReminderDue {
        application_number: NUMBER,
        account_id: owner(),
        due_date: "2026-12-24".to_owned(),
        days_left: 7,
        ..billing::InvoiceReminderDue::default()
    };
    assert_eq!(kinds(&world, 3, &fact).await, ["applicant invoice_reminder"]);
    let fact = applications::ApplicationCancelled { number, account_id: account_id.clone(), by_staff: true };
    assert_eq!(kinds(&world, 10, &fact).await, ["applicant application_cancelled"]);
    let (number, account_id) = own();
    let kind = "hand_over".to_owned();
    let fact = applications::DocumentsAwaited { number, account_id, kind, ..applications::DocumentsAwaited::default() };
    assert_eq!(kinds(&world, 11, &fact).await, ["applicant documents_awaited"]);
    // One letter tells what came and that the rest is to be brought.
    let (number, account_id) = own();
    let step = "ORIGINALS_RECEIVED".to_owned();
    let fact = applications::ApplicationProgressed {
        number,
        account_id,
        step,
        originals_awaited: true,
        ..applications::ApplicationProgressed::default()
    };
    assert_eq!(kinds(&world, 11, &fact).await, ["applicant originals_missing"]);
    let (number, account_id) = own();
    let (kind, again) = ("hand_over".to_owned(), true);
    let fact =
        applications::DocumentsAwaited { number, account_id, kind, again, ..applications::DocumentsAwaited::default() };
    assert!(kinds(&world, 11, &fact).await.is_empty());
    for (step, message) in [
        ("ORIGINALS_RECEIVED", "applicant originals_received"),
        ("SENT", "applicant sent"),
        ("MORE_ORIGINALS", "applicant more_originals"),
        ("DECIDED", "applicant decided"),
        ("READY", "applicant ready"),
        ("COMPLETED", "applicant completed"),
    ] {
        let (number, account_id) = own();
        let (step, state, person_item_id) = (step.to_owned(), String::new(), String::new());
        let originals_awaited = false;
        let fact =
            applications::ApplicationProgressed { number, account_id, step, state, person_item_id, originals_awaited };
        assert_eq!(kinds(&world, 12, &fact).await, [message]);
    }
    let fact = applications::DraftExpiring { number: NUMBER, account_id: owner() };
    assert_eq!(kinds(&world, 12, &fact).await, ["applicant draft_expiring"]);
    for (reason, message) in [("not_corrected", "applicant not_corrected"), ("not_paid", "applicant not_paid")] {
        let fact = applications::ApplicationExpired { number: NUMBER, account_id: owner(), reason: reason.to_owned() };
        assert_eq!(kinds(&world, 12, &fact).await, [message]);
    }
    let late = |manager_id: String| applications::StepOverdue {
        number: NUMBER,
        account_id: owner(),
        state: "IN_REVIEW".to_owned(),
        manager_id,
    };
    assert_eq!(kinds(&world, 2, &late(String::new())).await, ["supervisor staff_overdue"]);
    let (manager_id, other) = (account(&people::manager()), account(&people::supervisor()));
    let assigned = |to: &str, from: &str, by: &str| applications::ApplicationAssigned {
        number: NUMBER,
        account_id: owner(),
        manager_id: to.to_owned(),
        former_manager_id: from.to_owned(),
        by_id: by.to_owned(),
    };
    assert_eq!(kinds(&world, 13, &assigned(&manager_id, "", &other)).await, ["manager staff_assigned"]);
    let both = ["manager staff_unassigned", "supervisor staff_assigned"];
    assert_eq!(kinds(&world, 14, &assigned(&other, &manager_id, "acc_boss")).await, both);
    // Nobody is told what he did himself.
    assert!(kinds(&world, 15, &assigned(&manager_id, "", &manager_id)).await.is_empty());
    assert_eq!(kinds(&world, 16, &assigned("", &other, &other)).await, ["manager staff_released"]);
    let posted = |by_staff: bool, manager: &str, unread: u32| applications::MessagePosted {
        number: NUMBER,
        account_id: owner(),
        by_staff,
        manager_id: manager.to_owned(),
        unread,
    };
    assert_eq!(kinds(&world, 1, &posted(true, &manager_id, 1)).await, ["applicant message_posted"]);
    assert!(
        kinds(&world, 2, &posted(true, &manager_id, 2)).await.is_empty(),
        "he knows that there is something to read"
    );
    assert_eq!(kinds(&world, 3, &posted(false, &other, 1)).await, ["supervisor staff_message_posted"]);
    assert_eq!(kinds(&world, 4, &posted(false, "", 1)).await, ["manager staff_message_posted"]);
    for (state, told) in [
        ("requested", vec!["applicant refund_requested", "finance staff_refund_requested"]),
        ("under_review", Vec::new()),
        ("approved", vec!["applicant refund_approved", "finance staff_refund_approved"]),
        ("sent", vec![]),
        ("failed", vec!["finance staff_refund_failed"]),
        ("declined", vec!["applicant refund_declined"]),
        ("done", vec!["applicant refund_done"]),
    ] {
        let fact = billing::RefundChanged {
            application_number: NUMBER,
            account_id: owner(),
            state: state.to_owned(),
            ..billing::RefundChanged::default()
        };
        assert_eq!(kinds(&world, 4, &fact).await, told, "{state}");
    }
    let fact = payments::ChargeMismatched { application_number: NUMBER, ..payments::ChargeMismatched::default() };
    assert_eq!(kinds(&world, 2, &fact).await, ["finance staff_mismatch"]);
    let booked = booking::AppointmentBooked { visit: visit() };
    assert_eq!(kinds(&world, 1, &booked).await, ["applicant appointment_booked"]);
    let cancelled = booking::AppointmentCancelled { visit: visit() };
    assert_eq!(kinds(&world, 2, &cancelled).await, ["applicant appointment_cancelled"]);
    let released = visit().map(|visit| booking::Visit { reason: "unconfirmed".to_owned(), ..visit });
    let released = booking::AppointmentCancelled { visit: released };
    assert_eq!(kinds(&world, 3, &released).await, ["applicant appointment_released"]);
    let moved = booking::AppointmentMoved { visit: visit(), former_start_at_micros: 1 };
    assert_eq!(kinds(&world, 4, &moved).await, ["applicant appointment_moved"]);
    let asked = booking::AppointmentReminderDue { visit: visit(), confirm_by_micros: 1 };
    assert_eq!(kinds(&world, 5, &asked).await, ["applicant appointment_reminder"]);
    let displaced = booking::AppointmentDisplaced { visit: visit() };
    assert_eq!(kinds(&world, 6, &displaced).await, ["applicant appointment_displaced"]);
    let empty = world.envelope("apt_2", 1, &booking::AppointmentBooked { visit: None });
    assert!(matches!(world.deliver(&empty, 1).await, Delivered::Parked(_)));
}

fn status(status: &str, declined: bool) -> billing::PaymentStatusChanged {
    billing::PaymentStatusChanged {
        application_number: NUMBER,
        account_id: owner(),
        status: status.to_owned(),
        declined,
        ..billing::PaymentStatusChanged::default()
    }
}

pub async fn old_news_of_a_payment_is_not_told(coverage: &Coverage) {
    let world = start(coverage).await;
    let pending = ["applicant payment_pending", "manager staff_payment_pending"];
    assert_eq!(kinds(&world, 2, &status("pending", false)).await, pending);
    assert_eq!(kinds(&world, 3, &status("not_paid", true)).await, ["applicant payment_declined"]);
    assert_eq!(kinds(&world, 5, &status("paid", false)).await, ["applicant payment_paid"]);
    assert!(kinds(&world, 4, &status("pending", false)).await.is_empty(), "it was overtaken");
    assert!(kinds(&world, 6, &status("paid", false)).await.is_empty(), "it is no news");
    world.end().await;
}

pub async fn a_failed_attempt_is_told_only_while_nothing_is_paid(coverage: &Coverage) {
    let world = start(coverage).await;
    let closed = |outcome: &str| payments::AttemptClosed {
        attempt_id: "att_1".to_owned(),
        application_number: NUMBER,
        outcome: outcome.to_owned(),
        decline_class: "insufficient_funds".to_owned(),
        ..payments::AttemptClosed::default()
    };
    // payments was faster than those who know whose case it is: nobody is forgotten for that.
    let early = world.envelope("att_1", 2, &closed("failed"));
    assert_eq!(world.deliver(&early, 1).await, Delivered::Again);
    let (number, account_id) = (NUMBER, owner());
    world.tell(NUMBER, 1, &applications::ApplicationSubmitted { number, account_id }).await;
    send_all(&world).await;
    world.pass_hours(1);
    assert_eq!(world.deliver(&early, 2).await, Delivered::Applied);
    assert_eq!(send_all(&world).await, 0, "the payer may just be trying again");
    world.pass_hours(1);
    assert_eq!(send_all(&world).await, 1);
    assert_eq!(inbox(&world, people::applicant()).await[0].kind, "attempt_failed");
    // Another fails, and the next is paid meanwhile.
    world.tell("att_2", 2, &closed("failed")).await;
    world.tell(NUMBER, 2, &status("pending", false)).await;
    world.pass_hours(1);
    send_all(&world).await;
    let newest = told(&world).await;
    let overtaken = newest.iter().find(|message| message.kind == "attempt_failed").unwrap();
    assert_eq!(overtaken.delivery, "overtaken");
    assert!(kinds(&world, 3, &closed("abandoned")).await.is_empty(), "who never tried has not failed");
    world.end().await;
}
