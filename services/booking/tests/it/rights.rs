//! The right to book follows what applications tells, in whatever order it comes.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    applications::v1::{ApplicationCancelled, DocumentsAwaited, DocumentsNoLongerAwaited},
    booking::v1::{
        AppointmentCancelled, AppointmentCommand, GetBookingRightRequest, GetDaySheetRequest, Opening, SaveWeekRequest,
    },
};

use super::{NUMBER, at, awaited, choices, client, item, start, travel};

const RIGHT: GetBookingRightRequest = GetBookingRightRequest { application_number: NUMBER };

fn no_longer() -> DocumentsNoLongerAwaited {
    DocumentsNoLongerAwaited { number: NUMBER, account_id: awaited().account_id }
}

pub async fn the_right_follows_the_case(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    assert_eq!(refusal(applicant.get_booking_right(RIGHT).await), ["NOT_FOUND"]);

    world.tell(NUMBER, 4, &awaited()).await;
    let right = applicant.get_booking_right(RIGHT).await.unwrap().into_inner();
    assert!(right.open && right.appointments.is_empty());
    assert_eq!((right.kind.as_str(), right.person_item_ids), ("hand_over", vec![item(0), item(1)]));
    assert_eq!(right.office.unwrap().zone, "Asia/Almaty");
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(stranger.get_booking_right(RIGHT).await), ["NOT_FOUND"]);
    assert_eq!(refusal(client(&world, kernel::Actor::Anonymous).get_booking_right(RIGHT).await), ["NOT_FOUND"]);
    assert!(client(&world, people::manager()).get_booking_right(RIGHT).await.is_ok());

    world.tell(NUMBER, 5, &no_longer()).await;
    assert!(!applicant.get_booking_right(RIGHT).await.unwrap().into_inner().open);
    let late = applicant.book_appointments(choices(&[(0, at(24, 10, 0))])).await;
    assert_eq!(refusal(late), ["BOOKING_NOT_OPEN"]);
    world.end().await;
}

pub async fn old_news_is_passed_over(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    // The closing overtakes the opening.
    world.tell(NUMBER, 5, &no_longer()).await;
    world.tell(NUMBER, 4, &awaited()).await;
    assert!(!applicant.get_booking_right(RIGHT).await.unwrap().into_inner().open);
    // It is opened anew, and an older closing comes late.
    let one = DocumentsAwaited { person_item_ids: vec![item(1)], ..awaited() };
    world.tell(NUMBER, 7, &one).await;
    world.tell(NUMBER, 6, &no_longer()).await;
    let right = applicant.get_booking_right(RIGHT).await.unwrap().into_inner();
    assert!(right.open);
    assert_eq!(right.person_item_ids, [item(1)]);
    world.end().await;
}

pub async fn a_cancelled_case_frees_its_visits(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    world.tell(NUMBER, 4, &awaited()).await;
    let both = choices(&[(0, at(24, 10, 0)), (1, at(24, 10, 30))]);
    applicant.book_appointments(both.clone()).await.unwrap();
    let cancelled = ApplicationCancelled { number: NUMBER, account_id: awaited().account_id, by_staff: true };
    world.tell(NUMBER, 5, &no_longer()).await;
    world.tell(NUMBER, 5, &cancelled).await;
    let right = applicant.get_booking_right(RIGHT).await.unwrap().into_inner();
    assert!(right.appointments.iter().all(|visit| visit.state == "cancelled"), "{right:?}");
    assert_eq!(world.published::<AppointmentCancelled>().await.len(), 2);
    // The places are free again for another case.
    let other = DocumentsAwaited { number: 107, ..awaited() };
    world.tell(107, 1, &other).await;
    let again = proto::booking::v1::BookAppointmentsRequest { application_number: 107, ..both };
    applicant.book_appointments(again).await.unwrap();
    world.end().await;
}

/// What is ready is fetched: another kind of visit, at the same desks or at desks of its own.
pub async fn what_is_ready_is_fetched(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    world.tell(NUMBER, 4, &awaited()).await;
    let both = choices(&[(0, at(24, 10, 0)), (1, at(24, 10, 30))]);
    applicant.book_appointments(both).await.unwrap();
    world.tell(NUMBER, 5, &no_longer()).await;
    let ready = DocumentsAwaited { kind: "pick_up".to_owned(), ..awaited() };
    world.tell(NUMBER, 6, &ready).await;
    let right = applicant.get_booking_right(RIGHT).await.unwrap().into_inner();
    assert_eq!((right.open, right.kind.as_str(), right.appointments.len()), (true, "pick_up", 2));
    // One person has a visit of each kind; the desks are the same for both.
    let full = applicant.book_appointments(choices(&[(0, at(24, 10, 0))])).await;
    assert_eq!(refusal(full), ["SLOT_FULL at appointments[0].start"]);
    applicant.book_appointments(choices(&[(0, at(24, 11, 0))])).await.unwrap();
    let again = applicant.book_appointments(choices(&[(0, at(24, 11, 30))])).await;
    assert_eq!(refusal(again), ["ALREADY_BOOKED at appointments[0].person_item_id"]);
    // Desks of their own have places of their own.
    let day = Opening { open: true, opens: "09:00".to_owned(), closes: "18:00".to_owned(), ..Opening::default() };
    let mut week = SaveWeekRequest {
        valid_from: "2026-11-24".to_owned(),
        desks: 1,
        slot_minutes: 30,
        days: vec![day; 5],
        pick_up_desks: 101,
        ..SaveWeekRequest::default()
    };
    let mut manager = client(&world, people::manager());
    assert_eq!(refusal(manager.save_week(week.clone()).await), ["DESKS_RANGE at pick_up_desks"]);
    week.pick_up_desks = 2;
    manager.save_week(week).await.unwrap();
    applicant.book_appointments(choices(&[(1, at(24, 10, 0))])).await.unwrap();
    // It is handed out: whoever would still come to fetch it need not.
    world.tell(NUMBER, 7, &no_longer()).await;
    let right = applicant.get_booking_right(RIGHT).await.unwrap().into_inner();
    let left =
        |kind: &str| right.appointments.iter().filter(|visit| visit.kind == kind && visit.state == "booked").count();
    assert_eq!((left("hand_over"), left("pick_up")), (2, 0));
    world.end().await;
}

/// A service may mind less, or more, than the office does.
pub async fn a_case_has_rules_of_its_own(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    world.tell(NUMBER, 4, &DocumentsAwaited { missed_max: Some(1), late_minutes: Some(90), ..awaited() }).await;
    let booked = applicant.book_appointments(choices(&[(0, at(24, 10, 0))])).await.unwrap().into_inner();
    let appointment_id = booked.appointments[0].id.clone();
    travel(&world, 24, 11);
    let sheet = manager.get_day_sheet(GetDaySheetRequest::default()).await.unwrap().into_inner();
    assert!(!sheet.appointments[0].late, "its rule is patient");
    manager.mark_missed(AppointmentCommand { appointment_id }).await.unwrap();
    let refused = applicant.book_appointments(choices(&[(0, at(26, 10, 0))])).await;
    assert_eq!(refusal(refused), ["MISSED_TOO_OFTEN"]);
    world.end().await;
}
