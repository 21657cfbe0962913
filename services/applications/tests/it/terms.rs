//! Terms: what the applicant and the centre are told of, and what comes of it when nobody does anything.

use chassis::testing::{Coverage, Delivered, people, refusal};
use proto::{
    applications::v1::{
        Application, ApplicationApproved, ApplicationExpired, CorrectionDue, ListWorkRequest, Mark, PaymentStatus,
        RenewApplicationRequest, ReturnApplicationRequest, State, StepOverdue,
    },
    billing::v1::InvoiceExpired,
    booking::v1::HolidaysChanged,
};

use super::{
    Client, client, paid, seen, start,
    steps::{approved, filed, in_review, submitting},
};

async fn overdue(client: &mut Client) -> Vec<i64> {
    let request = ListWorkRequest { list: "overdue".to_owned(), ..ListWorkRequest::default() };
    client.list_work(request).await.unwrap().into_inner().applications.iter().map(|found| found.number).collect()
}

/// Would have found: a step told as overdue twice or on a day off, a case that is with its applicant told as the centre's.
pub async fn a_step_that_takes_too_long_is_told_once(coverage: &Coverage) {
    let world = start(coverage).await;
    let number = filed(&world, 1).await.number;
    let mut manager = client(&world, people::manager());
    assert_eq!((world.step("terms").await, overdue(&mut manager).await), (0, vec![]));
    assert_ne!(seen(&mut manager, number).await.due_at_micros, 0);
    assert_eq!(
        seen(&mut client(&world, people::applicant()), number).await.due_at_micros,
        0,
        "it is the centre's matter"
    );
    world.pass_hours(24 * 12);
    assert_eq!((world.step("terms").await, world.step("terms").await), (1, 0));
    let told = world.published::<StepOverdue>().await;
    assert_eq!((told.len(), told[0].state.as_str(), told[0].manager_id.as_str()), (1, "NEW", ""));
    assert_eq!(overdue(&mut manager).await, [number]);
    world.end().await;
}

/// Would have found: terms that go by the file of the start although the holidays were changed since, or by older news.
pub async fn terms_follow_the_holidays(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut manager = client(&world, people::manager());
    let first = filed(&world, 1).await.number;
    let due = seen(&mut manager, first).await.due_at_micros;
    let closed = (24..=27).map(|day| format!("2026-11-{day} holiday\n")).collect();
    world.tell("holidays", 3, &HolidaysChanged { holidays: closed }).await;
    world.tell("holidays", 2, &HolidaysChanged { holidays: String::new() }).await;
    assert_eq!((world.step("read-calendar").await, world.step("read-calendar").await), (1, 0));
    let second = filed(&world, 1).await.number;
    assert!(seen(&mut manager, second).await.due_at_micros > due);
    assert_eq!(seen(&mut manager, first).await.due_at_micros, due, "what has begun keeps its day");
    let nonsense = world.envelope("holidays", 4, &HolidaysChanged { holidays: "some day\n".to_owned() });
    assert!(matches!(world.deliver(&nonsense, 1).await, Delivered::Parked(_)));
}

/// Would have found: an application that ends without a reminder, or while its applicant still had a day.
pub async fn what_is_not_corrected_expires_after_two_reminders(coverage: &Coverage) {
    let world = start(coverage).await;
    let reviewed = in_review(&world, 1).await;
    let number = reviewed.number;
    let field = format!("lines[{}].persons[{}].surname", reviewed.lines[0].id, reviewed.lines[0].persons[0].id);
    let marks = vec![Mark { field, reason: "as in the passport".to_owned(), ..Mark::default() }];
    let returning = ReturnApplicationRequest { number, version: reviewed.version, marks, reason: String::new() };
    client(&world, people::manager()).return_application(returning).await.unwrap();
    let mut applicant = client(&world, people::applicant());
    let due = seen(&mut applicant, number).await.due_at_micros;
    assert_ne!(due, 0);
    world.pass_hours(24 * 20);
    assert_eq!(world.step("terms").await, 0);
    world.pass_hours(24 * 5);
    assert_eq!((world.step("terms").await, world.step("terms").await), (1, 0));
    // Nobody ran the portal when the second was due: there is a day more.
    world.pass_hours(24 * 10);
    assert_eq!((world.step("terms").await, world.step("terms").await), (1, 0));
    let told: Vec<u32> = world.published::<CorrectionDue>().await.iter().map(|fact| fact.days_left).collect();
    assert_eq!(told.len(), 2);
    assert_eq!((told[1], seen(&mut applicant, number).await.state()), (1, State::Returned));
    world.pass_hours(25);
    assert_eq!((world.step("terms").await, world.step("terms").await), (1, 0));
    let ended = seen(&mut applicant, number).await;
    assert_eq!((ended.state(), ended.renewal_total.is_none()), (State::Expired, true));
    assert_eq!(world.published::<ApplicationExpired>().await[0].reason, "not_corrected");
    let again = RenewApplicationRequest { number, version: ended.version, total_shown_minor: 0 };
    assert_eq!(refusal(applicant.renew_application(again).await), ["MOVE_NOT_ALLOWED"]);
    assert_eq!(refusal(applicant.submit_application(submitting(&ended)).await), ["NOT_EDITABLE"]);
    world.end().await;
}

fn unpaid(number: i64) -> InvoiceExpired {
    InvoiceExpired {
        application_number: number,
        account_id: people::applicant().account().unwrap().to_string(),
        invoice_id: "inv_1".to_owned(),
        document_number: "P-O/2026/1".to_owned(),
    }
}

fn renewing(of: &Application, shown: i64) -> RenewApplicationRequest {
    RenewApplicationRequest { number: of.number, version: of.version, total_shown_minor: shown }
}

/// Would have found: a case that waits for ever for a payment, because the end of its invoice came before older news of it.
pub async fn the_end_of_an_invoice_overtakes_older_news(coverage: &Coverage) {
    let world = start(coverage).await;
    let number = approved(&world, 1).await.number;
    let mut applicant = client(&world, people::applicant());
    world.tell(number, 3, &paid(number, "pending")).await;
    world.tell(number, 5, &unpaid(number)).await;
    let ended = seen(&mut applicant, number).await;
    assert_eq!((ended.state(), ended.payment_status()), (State::Expired, PaymentStatus::NotPaid));
    world.tell(number, 4, &paid(number, "not_paid")).await;
    let renewed = applicant.renew_application(renewing(&ended, 0)).await.unwrap().into_inner();
    assert_eq!(renewed.state(), State::AwaitingPayment);
    world.end().await;
}

/// Would have found: a case renewed at a price that nobody showed, by a stranger, or twice.
pub async fn an_unpaid_case_is_renewed_at_todays_price(coverage: &Coverage) {
    let world = start(coverage).await;
    let number = approved(&world, 1).await.number;
    let mut applicant = client(&world, people::applicant());
    world.tell(number, 3, &unpaid(number)).await;
    let ended = seen(&mut applicant, number).await;
    assert_eq!((ended.state(), ended.allowed.clone()), (State::Expired, vec!["RenewApplication".to_owned()]));
    assert_eq!(world.published::<ApplicationExpired>().await[0].reason, "not_paid");
    let price = ended.renewal_total.clone().unwrap().amount_minor;
    let stranger = client(&world, people::stranger()).renew_application(renewing(&ended, price)).await;
    assert_eq!(refusal(stranger), ["NOT_FOUND"]);
    let dearer = applicant.renew_application(renewing(&ended, price - 1)).await;
    assert_eq!(refusal(dearer), ["PRICE_CHANGED at total"]);
    let renewed = applicant.renew_application(renewing(&ended, price)).await.unwrap().into_inner();
    assert_eq!(renewed.state(), State::AwaitingPayment);
    // Nobody has approved it again, least of all its applicant.
    let actions: Vec<&str> = renewed.timeline.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(actions.iter().filter(|action| **action == "APPROVED").count(), 1, "{actions:?}");
    assert_eq!(actions.iter().filter(|action| **action == "RENEWED").count(), 1, "{actions:?}");
    let told = world.published::<ApplicationApproved>().await;
    assert_eq!((told.len(), told[1].total.clone()), (2, ended.renewal_total));
    assert_eq!(refusal(applicant.renew_application(renewing(&renewed, price)).await), ["MOVE_NOT_ALLOWED"]);
    // Paid meanwhile: news of an older invoice ends nothing.
    world.tell(number, 5, &paid(number, "paid")).await;
    world.tell(number, 6, &unpaid(number)).await;
    assert_eq!(seen(&mut applicant, number).await.state(), State::AwaitingDocuments);
    world.end().await;
}
