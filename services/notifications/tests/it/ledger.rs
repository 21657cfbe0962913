//! The ledger: what was told to whom and how far it came; what is no longer so; marks of what is read; the staff's digest.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    applications::v1::{ApplicationResubmitted, ApplicationReturned, ApplicationSubmitted, CorrectionDue, StepOverdue},
    billing::v1::{InvoiceReminderDue, PaymentStatusChanged},
    booking::v1::HolidaysChanged,
    notifications::v1::{
        CountUnreadMessagesRequest, MarkMessagesReadRequest, RetryDeliveryRequest, SearchDeliveriesRequest,
    },
};

use super::{NUMBER, account, client, identity_knows, inbox, owner, send_all, start, start_with_post, told};

fn submitted() -> ApplicationSubmitted {
    ApplicationSubmitted { number: NUMBER, account_id: owner() }
}

pub async fn what_is_no_longer_so_is_not_sent(coverage: &Coverage) {
    let world = start(coverage).await;
    let (number, account_id) = (NUMBER, owner());
    world.tell(NUMBER, 2, &submitted()).await;
    world.tell(NUMBER, 3, &ApplicationReturned { number, account_id: account_id.clone(), marks: 1 }).await;
    world.tell(NUMBER, 1, &CorrectionDue { number, account_id: account_id.clone(), days_left: 3 }).await;
    let reminder =
        InvoiceReminderDue { application_number: number, account_id: account_id.clone(), ..Default::default() };
    world.tell(NUMBER, 1, &reminder).await;
    // Before the worker comes to it the applicant has sent it again, and has paid.
    let again =
        ApplicationResubmitted { number, account_id: account_id.clone(), manager_id: account(&people::manager()) };
    world.tell(NUMBER, 4, &again).await;
    let status = "paid".to_owned();
    world
        .tell(NUMBER, 2, &PaymentStatusChanged { application_number: number, account_id, status, ..Default::default() })
        .await;
    send_all(&world).await;
    let mut overtaken: Vec<(String, String)> = told(&world)
        .await
        .into_iter()
        .filter(|message| message.delivery == "overtaken")
        .map(|message| (message.kind, message.reason))
        .collect();
    overtaken.sort();
    let expected = [("correction_due", "step_over"), ("invoice_reminder", "paid")];
    assert_eq!(overtaken, expected.map(|(kind, reason)| (kind.to_owned(), reason.to_owned())));
    let mine = inbox(&world, people::applicant()).await;
    assert!(mine.iter().all(|message| message.kind != "correction_due"), "it was never told");
    world.end().await;
}

pub async fn what_was_refused_is_tried_again(coverage: &Coverage) {
    let (world, post) = start_with_post(coverage).await;
    post.says("550 no such box");
    world.tell(NUMBER, 2, &submitted()).await;
    send_all(&world).await;
    let mut manager = client(&world, people::manager());
    let failed = SearchDeliveriesRequest { delivery: "failed".to_owned(), ..SearchDeliveriesRequest::default() };
    let denied = client(&world, people::finance()).search_deliveries(failed.clone()).await;
    assert_eq!(refusal(denied), ["NOT_PERMITTED"]);
    let found = manager.search_deliveries(failed).await.unwrap().into_inner();
    let mine = found.messages.iter().find(|message| message.kind == "application_submitted").unwrap();
    assert_eq!((mine.reason.as_str(), mine.attempts, mine.body.as_str()), ("refused", 1, ""));
    assert!(mine.reader_masked.contains('@') && mine.reader_masked.contains('*'), "{}", mine.reader_masked);
    let asked = || RetryDeliveryRequest { message_id: mine.id.clone() };
    post.says("250 fine");
    assert_eq!(manager.retry_delivery(asked()).await.unwrap().into_inner().delivery, "waiting");
    send_all(&world).await;
    assert_eq!(refusal(manager.retry_delivery(asked()).await), ["DELIVERY_NOT_FAILED"]);
    let nothing = manager.retry_delivery(RetryDeliveryRequest { message_id: "msg_0".to_owned() }).await;
    assert_eq!(refusal(nothing), ["NOT_FOUND"]);
    let of_case = SearchDeliveriesRequest { application_number: NUMBER, ..SearchDeliveriesRequest::default() };
    let found = manager.search_deliveries(of_case).await.unwrap().into_inner();
    assert_eq!(found.messages.iter().filter(|message| message.delivery == "sent").count(), 1);
    world.end().await;
}

pub async fn what_is_read_is_marked(coverage: &Coverage) {
    let world = start(coverage).await;
    for version in [2, 3] {
        world.tell(NUMBER, version, &submitted()).await;
    }
    send_all(&world).await;
    let mut applicant = client(&world, people::applicant());
    let mut unread =
        async || applicant.count_unread_messages(CountUnreadMessagesRequest {}).await.unwrap().into_inner().count;
    assert_eq!(unread().await, 2);
    let mine = inbox(&world, people::applicant()).await;
    assert!(mine.iter().all(|message| message.unread));
    let mut applicant = client(&world, people::applicant());
    let one = MarkMessagesReadRequest { message_ids: vec![mine[0].id.clone()] };
    assert_eq!(client(&world, people::stranger()).mark_messages_read(one.clone()).await.unwrap().into_inner().count, 0);
    assert_eq!(applicant.mark_messages_read(one).await.unwrap().into_inner().count, 1);
    assert_eq!(applicant.mark_messages_read(MarkMessagesReadRequest::default()).await.unwrap().into_inner().count, 0);
    assert!(inbox(&world, people::applicant()).await.iter().all(|message| !message.unread));
    world.end().await;
}

pub async fn the_staff_are_told_once_a_day_what_waits(coverage: &Coverage) {
    let world = start(coverage).await;
    identity_knows(&world, "en", false);
    let (number, account_id) = (NUMBER, owner());
    world.tell(NUMBER, 2, &submitted()).await;
    let manager_id = account(&people::manager());
    let claimed = proto::applications::v1::ApplicationClaimed {
        number: NUMBER + 1,
        account_id: account_id.clone(),
        manager_id: manager_id.clone(),
    };
    world.tell(NUMBER + 1, 3, &claimed).await;
    let state = "IN_REVIEW".to_owned();
    world
        .tell(NUMBER + 1, 1, &StepOverdue { number: NUMBER + 1, account_id: account_id.clone(), state, manager_id })
        .await;
    let status = "pending".to_owned();
    world
        .tell(NUMBER, 2, &PaymentStatusChanged { application_number: number, account_id, status, ..Default::default() })
        .await;
    send_all(&world).await;
    // It is Monday, 10 o'clock at the centre.
    assert_eq!(world.step("staff-digest").await, 2, "manager and supervisor have something to do");
    assert_eq!(world.step("staff-digest").await, 0, "once a day");
    send_all(&world).await;
    let digest = inbox(&world, people::manager()).await.into_iter().find(|one| one.kind == "staff_digest").unwrap();
    assert!(
        digest.body.contains("New applications: 1.") && digest.body.contains("take too long: 1."),
        "{}",
        digest.body
    );
    // Wednesday has become a holiday: nobody has a digest.
    world.tell("holidays", 2, &HolidaysChanged { holidays: "2026-11-25 holiday\n".to_owned() }).await;
    assert_eq!(world.step("read-calendar").await, 1);
    world.pass_hours(48);
    assert_eq!(world.step("staff-digest").await, 0);
    world.pass_hours(24);
    assert_eq!(world.step("staff-digest").await, 3, "a payment has waited longer than a working day");
    send_all(&world).await;
    let digest = inbox(&world, people::finance()).await.into_iter().find(|one| one.kind == "staff_digest").unwrap();
    assert!(digest.body.contains("longer than a working day: 1."), "{}", digest.body);
    world.end().await;
}
