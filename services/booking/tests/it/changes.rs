//! Another time for a visit, and whether its visitor will come.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::{
    applications::v1::DocumentsNoLongerAwaited,
    booking::v1::{
        AppointmentCancelled, AppointmentConfirmed, AppointmentMoved, AppointmentReminderDue, ConfirmAttendanceRequest,
        GetAppointmentRequest, MoveAppointmentRequest,
    },
};

use super::{Client, NUMBER, at, awaited, choices, client, item, start, travel};

fn moving(id: &str, start: i64) -> MoveAppointmentRequest {
    MoveAppointmentRequest {
        appointment_id: id.to_owned(),
        start_at_micros: start,
        ..MoveAppointmentRequest::default()
    }
}

fn coming(id: &str) -> ConfirmAttendanceRequest {
    ConfirmAttendanceRequest { appointment_id: id.to_owned() }
}

/// Both persons on Friday, with days to spare.
async fn on_friday(world: &Alone, applicant: &mut Client) -> Vec<String> {
    world.tell(NUMBER, 4, &awaited()).await;
    let both = choices(&[(0, at(27, 10, 0)), (1, at(27, 10, 30))]);
    let right = applicant.book_appointments(both).await.unwrap().into_inner();
    right.appointments.into_iter().map(|visit| visit.id).collect()
}

pub async fn a_visit_gets_another_time(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let ids = on_friday(&world, &mut applicant).await;
    let id = ids[0].as_str();
    for (start, told) in [
        (at(27, 10, 30), "SLOT_FULL at start"),
        (at(27, 13, 0), "SLOT_UNKNOWN at start"),
        (at(23, 15, 0), "SLOT_TOO_SOON at start"),
    ] {
        assert_eq!(refusal(applicant.move_appointment(moving(id, start)).await), [told]);
    }
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(stranger.move_appointment(moving(id, at(25, 9, 0))).await), ["NOT_FOUND"]);
    // To where it is: nothing happens. The other person may then have the place that was left.
    applicant.move_appointment(moving(id, at(27, 10, 0))).await.unwrap();
    assert!(world.published::<AppointmentMoved>().await.is_empty());
    applicant.move_appointment(moving(id, at(25, 9, 0))).await.unwrap();
    let right = applicant.move_appointment(moving(&ids[1], at(27, 10, 0))).await.unwrap().into_inner();
    let starts: Vec<_> = right.appointments.iter().map(|visit| visit.start_at_micros).collect();
    assert_eq!(starts, [at(25, 9, 0), at(27, 10, 0)]);
    let told = world.published::<AppointmentMoved>().await;
    let first = told[0].visit.as_ref().unwrap();
    assert_eq!((first.start_at_micros, told[0].former_start_at_micros), (at(25, 9, 0), at(27, 10, 0)));
    let seen = GetAppointmentRequest { appointment_id: id.to_owned() };
    let history = applicant.get_appointment(seen).await.unwrap().into_inner().history;
    let what: Vec<_> = history.iter().map(|change| (change.what.as_str(), change.start_at_micros)).collect();
    assert_eq!(what, [("BOOK", at(27, 10, 0)), ("MOVE", at(25, 9, 0))]);

    for hour in [11, 12] {
        applicant.move_appointment(moving(id, at(25, hour, 0))).await.unwrap();
    }
    assert_eq!(refusal(applicant.move_appointment(moving(id, at(26, 9, 0))).await), ["MOVED_TOO_OFTEN"]);
    travel(&world, 25, 8);
    assert_eq!(refusal(applicant.move_appointment(moving(id, at(26, 9, 0))).await), ["MOVE_TOO_LATE"]);
    // The office may, on the day itself and to the day itself.
    let mut manager = client(&world, people::manager());
    let right = manager.move_appointment(moving(id, at(25, 16, 0))).await.unwrap().into_inner();
    assert_eq!(right.appointments[0].start_at_micros, at(25, 16, 0));
    let closed = DocumentsNoLongerAwaited { number: NUMBER, account_id: awaited().account_id };
    world.tell(NUMBER, 5, &closed).await;
    assert_eq!(refusal(manager.move_appointment(moving(id, at(26, 9, 0))).await), ["BOOKING_NOT_OPEN"]);
    world.end().await;
}

pub async fn who_does_not_say_that_he_comes_loses_his_place(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let ids = on_friday(&world, &mut applicant).await;
    assert_eq!(world.step("remind-visitors").await, 0, "too early");
    travel(&world, 25, 11);
    assert_eq!(world.step("remind-visitors").await, 2);
    assert_eq!(world.step("remind-visitors").await, 0);
    let asked = world.published::<AppointmentReminderDue>().await;
    assert_eq!((asked.len(), asked[0].confirm_by_micros), (2, at(26, 10, 0)));
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(stranger.confirm_attendance(coming(&ids[0])).await), ["NOT_FOUND"]);
    let right = applicant.confirm_attendance(coming(&ids[0])).await.unwrap().into_inner();
    assert_eq!(right.appointments.iter().map(|one| one.confirm_by_micros).collect::<Vec<_>>(), [0, at(26, 10, 30)]);
    assert!(!right.appointments[0].allowed.iter().any(|call| call == "ConfirmAttendance"));
    applicant.confirm_attendance(coming(&ids[0])).await.unwrap();
    assert_eq!(world.published::<AppointmentConfirmed>().await.len(), 1);

    travel(&world, 26, 11);
    assert_eq!(world.step("remind-visitors").await, 1);
    let released = world.published::<AppointmentCancelled>().await;
    let visit = released[0].visit.as_ref().unwrap();
    assert_eq!((visit.person_item_id.as_str(), visit.reason.as_str()), (item(1).as_str(), "unconfirmed"));
    assert_eq!(refusal(applicant.confirm_attendance(coming(&ids[1])).await), ["APPOINTMENT_STATE"]);
    // He may choose again, and as it is near he need not be asked.
    let right = applicant.book_appointments(choices(&[(1, at(27, 10, 30))])).await.unwrap().into_inner();
    assert!(right.appointments.iter().all(|one| one.confirm_by_micros == 0));
    world.end().await;
}

/// A reminder that came late leaves its reader time to answer.
pub async fn a_late_reminder_leaves_time_to_answer(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    on_friday(&world, &mut applicant).await;
    travel(&world, 26, 12);
    assert_eq!(world.step("remind-visitors").await, 2);
    let asked = world.published::<AppointmentReminderDue>().await;
    assert_eq!(asked[0].confirm_by_micros, at(27, 0, 0));
    assert_eq!(world.step("remind-visitors").await, 0);
    travel(&world, 27, 1);
    assert_eq!(world.step("remind-visitors").await, 2);
    world.end().await;
}
