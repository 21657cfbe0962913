//! Booking, moving and giving back visits, with every refusal at its field.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::{
    applications::v1::DocumentsAwaited,
    booking::v1::{
        AppointmentBooked, AppointmentCancelled, AppointmentCheckedIn, AppointmentChoice, AppointmentCommand,
        AppointmentMissed, AppointmentServed, BookAppointmentsRequest, BookingRight, CancelAppointmentRequest,
        ListSlotsRequest, booking_client::BookingClient,
    },
};
use sea_orm::ConnectionTrait as _;

use super::{Client, NUMBER, at, awaited, choices, client, item, start, travel};

/// Both persons' visits, tomorrow and the day after.
async fn booked(world: &Alone, applicant: &mut Client) -> Vec<String> {
    world.tell(NUMBER, 4, &awaited()).await;
    let right = applicant.book_appointments(choices(&[(0, at(24, 10, 0)), (1, at(25, 10, 0))])).await.unwrap();
    right.into_inner().appointments.into_iter().map(|visit| visit.id).collect()
}

fn command(id: &str) -> AppointmentCommand {
    AppointmentCommand { appointment_id: id.to_owned() }
}

fn cancelling(id: &str) -> CancelAppointmentRequest {
    CancelAppointmentRequest { appointment_id: id.to_owned() }
}

pub async fn a_family_books_all_or_none(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    world.tell(NUMBER, 4, &awaited()).await;
    let good = (0, at(24, 10, 0));
    for (second, told) in [
        ((1, at(24, 10, 0)), "SLOT_FULL at appointments[1].start"),
        ((1, at(24, 10, 7)), "SLOT_UNKNOWN at appointments[1].start"),
        ((1, at(24, 13, 30)), "SLOT_UNKNOWN at appointments[1].start"),
        ((1, at(28, 10, 0)), "SLOT_UNKNOWN at appointments[1].start"),
        ((1, at(23, 15, 0)), "SLOT_TOO_SOON at appointments[1].start"),
        ((9, at(24, 11, 0)), "ITEM_UNKNOWN at appointments[1].person_item_id"),
        ((0, at(24, 11, 0)), "ALREADY_BOOKED at appointments[1].person_item_id"),
    ] {
        assert_eq!(refusal(applicant.book_appointments(choices(&[good, second])).await), [told]);
    }
    assert_eq!(refusal(applicant.book_appointments(choices(&[])).await), ["APPOINTMENTS_NONE at appointments"]);
    let malformed = BookAppointmentsRequest {
        application_number: NUMBER,
        appointments: vec![AppointmentChoice { person_item_id: "me".to_owned(), start_at_micros: at(24, 10, 0) }],
        ..BookAppointmentsRequest::default()
    };
    assert_eq!(
        refusal(applicant.book_appointments(malformed).await),
        ["ITEM_UNKNOWN at appointments[0].person_item_id"]
    );
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(stranger.book_appointments(choices(&[good])).await), ["NOT_FOUND"]);
    // Nothing of all that was kept: no fact, no place.
    assert!(world.outbox().await.is_empty());
    let day =
        ListSlotsRequest { application_number: NUMBER, date: "2026-11-24".to_owned(), ..ListSlotsRequest::default() };
    let shown = applicant.list_slots(day).await.unwrap().into_inner();
    assert!(shown.slots.iter().all(|slot| slot.free == 1), "{shown:?}");

    let right = applicant.book_appointments(choices(&[good, (1, at(24, 10, 30))])).await.unwrap().into_inner();
    let starts: Vec<i64> = right.appointments.iter().map(|visit| visit.start_at_micros).collect();
    assert_eq!(starts, [at(24, 10, 0), at(24, 10, 30)]);
    let told: Vec<_> = world.published::<AppointmentBooked>().await.into_iter().filter_map(|fact| fact.visit).collect();
    assert_eq!(told.len(), 2);
    let first = (told[0].application_number, told[0].person_item_id.as_str(), told[0].state.as_str());
    assert_eq!(first, (NUMBER, item(0).as_str(), "booked"));
    let again = applicant.book_appointments(choices(&[(0, at(25, 10, 0))])).await;
    assert_eq!(refusal(again), ["ALREADY_BOOKED at appointments[0].person_item_id"]);
    world.end().await;
}

/// Cases with one person each, all the applicant's.
async fn cases(world: &Alone, numbers: std::ops::Range<i64>) {
    for number in numbers {
        let person_item_ids = vec![chassis::demo::item(number, 0).to_string()];
        world.tell(number, 1, &DocumentsAwaited { number, person_item_ids, ..awaited() }).await;
    }
}

fn one_at(number: i64, start_at_micros: i64) -> BookAppointmentsRequest {
    let person_item_id = chassis::demo::item(number, 0).to_string();
    let appointments = vec![AppointmentChoice { person_item_id, start_at_micros }];
    BookAppointmentsRequest { application_number: number, appointments, ..BookAppointmentsRequest::default() }
}

pub async fn a_full_slot_takes_nobody_more(coverage: &Coverage) {
    let world = start(coverage).await;
    cases(&world, 200..210).await;
    let attempts = (200..210).map(|number| {
        let mut applicant = client(&world, people::applicant());
        async move { applicant.book_appointments(one_at(number, at(24, 10, 0))).await }
    });
    let answers = futures::future::join_all(attempts).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter(Result::is_err) {
        assert_eq!(refusal(refused), ["SLOT_FULL at appointments[0].start"]);
    }
    world.end().await;
}

/// Requests that wait together are written together; each has the answer that it would have had alone.
pub async fn what_comes_at_once_is_answered_each_by_itself(coverage: &Coverage) {
    let world = start(coverage).await;
    cases(&world, 200..206).await;
    let damaged = world.context.db.write(|tx| async move {
        tx.execute_unprepared("UPDATE booking_right SET items = 'torn' WHERE application_number = 205").await?;
        Ok::<_, chassis::Error>(())
    });
    damaged.await.unwrap();
    let asked = [
        ("same", 200, at(24, 10, 0)),
        ("same", 200, at(24, 10, 0)),
        ("same", 200, at(24, 10, 0)),
        ("rival", 201, at(24, 10, 0)),
        ("alone", 202, at(24, 11, 0)),
        ("this", 203, at(24, 12, 0)),
        ("that", 203, at(24, 12, 30)),
        ("foreign", 299, at(24, 16, 0)),
        ("sunday", 204, at(29, 16, 0)),
        ("torn", 205, at(24, 16, 0)),
    ];
    let attempts = asked.map(|(key, number, start)| {
        let mut applicant = BookingClient::new(world.by(people::applicant()).with_key(key));
        async move { applicant.book_appointments(one_at(number, start)).await }
    });
    let answers: [Result<_, tonic::Status>; 10] =
        futures::future::join_all(attempts).await.try_into().unwrap_or_else(|_| panic!("one answer each"));
    let [first, second, third, rival, alone, this, that, foreign, sunday, torn] = answers;
    let visits = |answer: &Result<tonic::Response<BookingRight>, tonic::Status>| {
        let right = answer.as_ref().ok();
        right.map(|right| right.get_ref().appointments.iter().map(|visit| visit.id.clone()).collect::<Vec<_>>())
    };
    assert_eq!([visits(&second), visits(&third)], [visits(&first), visits(&first)], "one key, one answer");
    assert!(first.is_ok() != rival.is_ok(), "one place, one visitor");
    assert_eq!(visits(&alone).map(|visits| visits.len()), Some(1));
    assert!(this.is_ok() != that.is_ok(), "a person has one visit");
    let late = if this.is_err() { this } else { that };
    assert_eq!(refusal(late), ["ALREADY_BOOKED at appointments[0].person_item_id"]);
    assert_eq!(foreign.err().map(|status| status.code()), Some(tonic::Code::NotFound));
    assert_eq!(refusal(sunday), ["SLOT_UNKNOWN at appointments[0].start"]);
    assert_eq!(torn.err().map(|status| status.code()), Some(tonic::Code::Internal));
    // The key of what was refused is free for the next choice.
    let (key, number) = if rival.is_err() { ("rival", 201) } else { ("same", 200) };
    let mut applicant = BookingClient::new(world.by(people::applicant()).with_key(key));
    applicant.book_appointments(one_at(number, at(24, 17, 0))).await.unwrap();
    assert_eq!(world.published::<AppointmentBooked>().await.len(), 4);
    world.end().await;
}

pub async fn a_visit_goes_its_way_and_no_other(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let ids = booked(&world, &mut applicant).await;
    let mut manager = client(&world, people::manager());
    let before = manager.mark_served(command(&ids[0])).await;
    assert_eq!(refusal(before), ["APPOINTMENT_STATE"]);
    assert_eq!(manager.check_in(command(&ids[0])).await.unwrap().into_inner().state, "checked_in");
    assert_eq!(manager.check_in(command(&ids[0])).await.unwrap().into_inner().version, 2, "the same again is nothing");
    assert_eq!(refusal(manager.mark_missed(command(&ids[0])).await), ["APPOINTMENT_STATE"]);
    assert_eq!(manager.mark_served(command(&ids[0])).await.unwrap().into_inner().state, "served");
    assert_eq!(manager.mark_missed(command(&ids[1])).await.unwrap().into_inner().state, "missed");
    for denied in [people::applicant(), people::finance()] {
        assert_eq!(refusal(client(&world, denied).check_in(command(&ids[1])).await), ["NOT_PERMITTED"]);
    }
    assert_eq!(refusal(manager.check_in(command("apt_0")).await), ["NOT_FOUND"]);
    assert_eq!(world.published::<AppointmentCheckedIn>().await.len(), 1);
    assert_eq!(world.published::<AppointmentServed>().await.len(), 1);
    let missed = world.published::<AppointmentMissed>().await;
    assert_eq!(missed[0].visit.as_ref().unwrap().state, "missed");
    // Who missed a visit may book another, even the same slot.
    applicant.book_appointments(choices(&[(1, at(25, 10, 0))])).await.unwrap();
    // So may who was served, as long as more is awaited of him; once.
    applicant.book_appointments(choices(&[(0, at(25, 10, 30))])).await.unwrap();
    let twice = applicant.book_appointments(choices(&[(0, at(25, 11, 0))])).await;
    assert_eq!(refusal(twice), ["ALREADY_BOOKED at appointments[0].person_item_id"]);
    world.end().await;
}

pub async fn a_visit_is_given_back_until_the_day_before(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let ids = booked(&world, &mut applicant).await;
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(stranger.cancel_appointment(cancelling(&ids[0])).await), ["NOT_FOUND"]);
    applicant.cancel_appointment(cancelling(&ids[0])).await.unwrap();
    applicant.cancel_appointment(cancelling(&ids[0])).await.unwrap();
    assert_eq!(world.published::<AppointmentCancelled>().await.len(), 1);
    travel(&world, 25, 8);
    assert_eq!(refusal(applicant.cancel_appointment(cancelling(&ids[1])).await), ["CANCEL_TOO_LATE"]);
    // On the day itself the office still may.
    let mut manager = client(&world, people::manager());
    manager.cancel_appointment(cancelling(&ids[1])).await.unwrap();
    assert_eq!(world.published::<AppointmentCancelled>().await.len(), 2);
    // What was given back once stays so, whatever the day.
    applicant.cancel_appointment(cancelling(&ids[0])).await.unwrap();
    world.end().await;
}
