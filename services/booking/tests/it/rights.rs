//! The right to book follows what applications tells, in whatever order it comes.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    applications::v1::{ApplicationCancelled, DocumentsAwaited, DocumentsNoLongerAwaited},
    booking::v1::{AppointmentCancelled, GetBookingRightRequest},
};

use super::{NUMBER, at, awaited, choices, client, item, start};

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
