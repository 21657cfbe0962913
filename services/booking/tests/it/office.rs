//! What the office offers and sees: bookable days, slots, the day sheet.

use chassis::testing::{Coverage, people, refusal};
use kernel::Scope;
use proto::booking::v1::{GetAppointmentRequest, GetDaySheetRequest, ListSlotsRequest};

use super::{NUMBER, at, awaited, choices, client, start};

fn on(date: &str) -> ListSlotsRequest {
    ListSlotsRequest { application_number: NUMBER, date: date.to_owned(), ..ListSlotsRequest::default() }
}

pub async fn days_and_slots_are_the_offices(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    assert_eq!(refusal(applicant.list_slots(on("")).await), ["NOT_FOUND"]);
    world.tell(NUMBER, 4, &awaited()).await;
    let shown = applicant.list_slots(on("")).await.unwrap().into_inner();
    assert_eq!(shown.date, "2026-11-24");
    assert!(!shown.days.iter().any(|day| day == "2026-11-23" || day == "2026-11-28"), "{:?}", shown.days);
    assert_eq!((shown.slots.len(), shown.slots[0].start_at_micros), (16, at(24, 9, 0)));
    assert!(shown.slots.iter().all(|slot| (slot.capacity, slot.free) == (1, 1)));
    assert!(!shown.slots.iter().any(|slot| slot.start_at_micros == at(24, 13, 0)), "lunch");

    applicant.book_appointments(choices(&[(0, at(24, 9, 0))])).await.unwrap();
    let shown = applicant.list_slots(on("2026-11-24")).await.unwrap().into_inner();
    assert_eq!(shown.slots.iter().map(|slot| slot.free).sum::<u32>(), 15);
    let sunday = applicant.list_slots(on("29.11.2026")).await.unwrap().into_inner();
    assert_eq!((sunday.date.as_str(), sunday.slots.len()), ("2026-11-29", 0));
    assert_eq!(refusal(applicant.list_slots(on("soon")).await), ["DATE_MALFORMED at date"]);
    world.end().await;
}

pub async fn the_day_sheet_is_for_the_office(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    world.tell(NUMBER, 4, &awaited()).await;
    let booked = applicant.book_appointments(choices(&[(1, at(24, 17, 30)), (0, at(24, 9, 0))])).await.unwrap();
    let sheet = |date: &str| GetDaySheetRequest { date: date.to_owned(), ..GetDaySheetRequest::default() };
    for allowed in [people::manager(), people::supervisor(), people::program(&[Scope::BookingRead])] {
        let day = client(&world, allowed).get_day_sheet(sheet("2026-11-24")).await.unwrap().into_inner();
        let starts: Vec<i64> = day.appointments.iter().map(|visit| visit.start_at_micros).collect();
        assert_eq!(starts, [at(24, 9, 0), at(24, 17, 30)]);
    }
    let today = client(&world, people::manager()).get_day_sheet(sheet("")).await.unwrap().into_inner();
    assert_eq!((today.date.as_str(), today.appointments.len()), ("2026-11-23", 0));
    assert_eq!(refusal(applicant.get_day_sheet(sheet("")).await), ["NOT_PERMITTED"]);
    let mut other_program = client(&world, people::program(&[Scope::BillingRead]));
    assert_eq!(refusal(other_program.get_day_sheet(sheet("")).await), ["NOT_PERMITTED"]);
    let mut nobody = client(&world, kernel::Actor::Anonymous);
    assert_eq!(refusal(nobody.get_day_sheet(sheet("")).await), ["NOT_SIGNED_IN"]);
    let wrong = client(&world, people::manager()).get_day_sheet(sheet("2026-02-30")).await;
    assert_eq!(refusal(wrong), ["DATE_MALFORMED at date"]);

    let id = booked.into_inner().appointments[0].id.clone();
    let asked = || GetAppointmentRequest { appointment_id: id.clone() };
    assert_eq!(applicant.get_appointment(asked()).await.unwrap().into_inner().length_minutes, 30);
    assert_eq!(refusal(client(&world, people::stranger()).get_appointment(asked()).await), ["NOT_FOUND"]);
    world.end().await;
}
