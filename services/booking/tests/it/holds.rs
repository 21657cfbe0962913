//! Places kept for a while: a family in consecutive slots, confirmed in time or free again.

use chassis::testing::{Coverage, people, refusal};
use proto::booking::v1::{AppointmentBooked, BookingRight, HoldCommand, HoldPlacesRequest, ListSlotsRequest};

use super::{Client, NUMBER, at, awaited, choices, client, item, start};

const HELD: HoldCommand = HoldCommand { application_number: NUMBER };

fn holding(start: i64, persons: &[u128]) -> HoldPlacesRequest {
    let person_item_ids = persons.iter().map(|index| item(*index)).collect();
    HoldPlacesRequest {
        application_number: NUMBER,
        start_at_micros: start,
        person_item_ids,
        ..HoldPlacesRequest::default()
    }
}

fn held(right: &BookingRight) -> Vec<(String, i64)> {
    right.held.iter().map(|visit| (visit.person_item_id.clone(), visit.start_at_micros)).collect()
}

/// Of each slot of Tuesday: its start, places, and how many follow each other.
async fn free(applicant: &mut Client) -> Vec<(i64, u32, u32)> {
    let day =
        ListSlotsRequest { application_number: NUMBER, date: "2026-11-24".to_owned(), ..ListSlotsRequest::default() };
    let shown = applicant.list_slots(day).await.unwrap().into_inner();
    shown.slots.into_iter().map(|slot| (slot.start_at_micros, slot.free, slot.in_a_row)).collect()
}

pub async fn a_family_is_kept_places_in_a_row(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    world.tell(NUMBER, 4, &awaited()).await;
    let before = free(&mut applicant).await;
    assert_eq!(before[7], (at(24, 12, 30), 1, 1), "lunch ends a row");
    assert_eq!(before[0].2, 8);
    for (request, told) in [
        (holding(at(24, 12, 30), &[]), "SLOTS_NOT_IN_A_ROW at start"),
        (holding(at(24, 17, 30), &[]), "SLOTS_NOT_IN_A_ROW at start"),
        (holding(at(24, 12, 7), &[]), "SLOT_UNKNOWN at start"),
        (holding(at(23, 12, 0), &[]), "SLOT_TOO_SOON at start"),
        (holding(at(24, 12, 0), &[9]), "ITEM_UNKNOWN at person_item_ids"),
        (holding(at(24, 12, 0), &[1, 1]), "ALREADY_BOOKED at person_item_ids"),
    ] {
        assert_eq!(refusal(applicant.hold_places(request).await), [told]);
    }
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(stranger.hold_places(holding(at(24, 12, 0), &[])).await), ["NOT_FOUND"]);
    assert_eq!(refusal(applicant.confirm_hold(HELD).await), ["HOLD_EXPIRED"], "nothing is held");

    let right = applicant.hold_places(holding(at(24, 12, 0), &[1, 0])).await.unwrap().into_inner();
    assert_eq!(held(&right), [(item(1), at(24, 12, 0)), (item(0), at(24, 12, 30))]);
    assert_eq!(right.held_until_micros, world.now().micros() + 600_000_000);
    assert!(right.appointments.is_empty() && world.outbox().await.is_empty(), "a hold is nobody's business");
    assert_eq!(
        free(&mut applicant).await[5..8],
        [(at(24, 11, 30), 1, 1), (at(24, 12, 0), 0, 0), (at(24, 12, 30), 0, 0)]
    );
    // Another start gives the first one up, also where the two overlap.
    let right = applicant.hold_places(holding(at(24, 11, 30), &[])).await.unwrap().into_inner();
    assert_eq!(held(&right), [(item(0), at(24, 11, 30)), (item(1), at(24, 12, 0))]);

    // Whoever else wants one of the places finds it taken.
    let own = vec![chassis::demo::item(107, 0).to_string()];
    let other = proto::applications::v1::DocumentsAwaited { number: 107, person_item_ids: own, ..awaited() };
    world.tell(107, 1, &other).await;
    let same = HoldPlacesRequest {
        application_number: 107,
        start_at_micros: at(24, 12, 0),
        person_item_ids: Vec::new(),
        ..HoldPlacesRequest::default()
    };
    assert_eq!(refusal(applicant.hold_places(same).await), ["SLOT_FULL at start"]);

    assert_eq!(refusal(stranger.confirm_hold(HELD).await), ["NOT_FOUND"]);
    let right = applicant.confirm_hold(HELD).await.unwrap().into_inner();
    let states: Vec<_> = right.appointments.iter().map(|visit| (visit.state.as_str(), visit.version)).collect();
    assert_eq!((states, right.held.len()), (vec![("booked", 2), ("booked", 2)], 0));
    let told = world.published::<AppointmentBooked>().await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].visit.as_ref().unwrap().code, right.appointments[0].code);
    assert_eq!(right.appointments[0].code.len(), 5);
    let again = applicant.hold_places(holding(at(24, 9, 0), &[])).await;
    assert_eq!(refusal(again), ["ALREADY_BOOKED at person_item_ids"]);
    world.end().await;
}

pub async fn a_hold_runs_out(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    world.tell(NUMBER, 4, &awaited()).await;
    applicant.hold_places(holding(at(24, 10, 0), &[])).await.unwrap();
    world.clock.advance(std::time::Duration::from_secs(599));
    assert_eq!(world.step("lapse-holds").await, 0);
    world.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(refusal(applicant.confirm_hold(HELD).await), ["HOLD_EXPIRED"]);
    assert_eq!(world.step("lapse-holds").await, 2);
    assert_eq!(world.step("lapse-holds").await, 0);
    assert!(free(&mut applicant).await.iter().all(|(_, free, _)| *free == 1));

    // Given up by hand, and given up for a booking of another kind.
    let mut stranger = client(&world, people::stranger());
    applicant.hold_places(holding(at(24, 10, 0), &[])).await.unwrap();
    assert_eq!(refusal(stranger.release_hold(HELD).await), ["NOT_FOUND"]);
    assert!(applicant.release_hold(HELD).await.unwrap().into_inner().held.is_empty());
    applicant.release_hold(HELD).await.unwrap();
    applicant.hold_places(holding(at(24, 10, 0), &[])).await.unwrap();
    let right = applicant.book_appointments(choices(&[(1, at(24, 10, 0))])).await.unwrap().into_inner();
    assert_eq!((right.held.len(), right.appointments.len()), (0, 1));
    assert_eq!(free(&mut applicant).await.iter().map(|(_, free, _)| free).sum::<u32>(), 15);

    // The case goes on without the visit: what is held is free.
    applicant.hold_places(holding(at(24, 11, 0), &[])).await.unwrap();
    let closed = proto::applications::v1::DocumentsNoLongerAwaited { number: NUMBER, account_id: awaited().account_id };
    world.tell(NUMBER, 5, &closed).await;
    assert_eq!(refusal(applicant.confirm_hold(HELD).await), ["BOOKING_NOT_OPEN"]);
    assert_eq!(free(&mut applicant).await.iter().map(|(_, free, _)| free).sum::<u32>(), 15);
    world.end().await;
}
