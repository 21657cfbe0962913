//! The queue of a day: codes at the door, visitors without a visit, priority, desks.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    applications::v1::DocumentsAwaited,
    booking::v1::{
        AddWalkInRequest, AppointmentCommand, AppointmentServed, CallNextRequest, CheckInByCodeRequest, DaySheet,
        EndTicketRequest, GetDaySheetRequest, GetVisitReportRequest,
    },
};

use super::{NUMBER, at, awaited, choices, client, start, travel};

pub async fn one_queue_has_its_order(coverage: &Coverage) {
    let world = start(coverage).await;
    world.tell(NUMBER, 4, &awaited()).await;
    for (number, priority) in [(107, false), (108, true)] {
        let own = vec![chassis::demo::item(number, 0).to_string()];
        world.tell(number, 1, &DocumentsAwaited { number, person_item_ids: own, priority, ..awaited() }).await;
    }
    let mut applicant = client(&world, people::applicant());
    let both = choices(&[(0, at(24, 10, 0)), (1, at(24, 11, 30))]);
    let booked = applicant.book_appointments(both).await.unwrap().into_inner().appointments;
    let mut desk = client(&world, people::manager());
    let code = |code: &str| CheckInByCodeRequest { code: code.to_owned(), ..CheckInByCodeRequest::default() };
    let walk_in = |application_number| AddWalkInRequest { application_number, ..AddWalkInRequest::default() };
    let call = |desk| CallNextRequest { desk, ..CallNextRequest::default() };
    let end = |ticket_id: &str, left| EndTicketRequest { ticket_id: ticket_id.to_owned(), left };
    let early = desk.check_in_by_code(code(&booked[0].code)).await;
    assert_eq!(refusal(early), ["VISIT_CODE_UNKNOWN at code"], "not today's");
    travel(&world, 24, 9);
    assert_eq!(refusal(applicant.check_in_by_code(code(&booked[0].code)).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(applicant.add_walk_in(walk_in(107)).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(applicant.call_next(call(1)).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(applicant.end_ticket(end("x", true)).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(desk.call_next(call(1)).await), ["QUEUE_EMPTY"]);
    assert_eq!(refusal(desk.call_next(call(2)).await), ["DESK_UNKNOWN at desk"]);
    assert_eq!(refusal(desk.add_walk_in(walk_in(999)).await), ["CASE_UNKNOWN at application_number"]);
    assert_eq!(refusal(desk.end_ticket(end("x", true)).await), ["NOT_FOUND"]);

    // In this order they come, an hour before the first visit.
    desk.check_in_by_code(code(&booked[1].code)).await.unwrap();
    let walked = desk.add_walk_in(walk_in(107)).await.unwrap().into_inner();
    assert_eq!((walked.number, walked.lane.as_str(), walked.state.as_str()), (2, "walk_in", "waiting"));
    assert_eq!(desk.add_walk_in(walk_in(107)).await.unwrap().into_inner().number, 2, "he waits already");
    let lower = format!(" {} ", booked[0].code.to_lowercase());
    assert_eq!(desk.check_in_by_code(code(&lower)).await.unwrap().into_inner().state, "checked_in");
    desk.check_in_by_code(code(&booked[0].code)).await.unwrap();
    assert_eq!(desk.add_walk_in(walk_in(108)).await.unwrap().into_inner().lane, "priority");
    let sheet = GetDaySheetRequest { date: String::new(), ..GetDaySheetRequest::default() };
    let seen = desk.get_day_sheet(sheet.clone()).await.unwrap().into_inner();
    assert_eq!(seen.queue.iter().map(|ticket| ticket.number).collect::<Vec<_>>(), [4, 2, 3, 1]);

    travel(&world, 24, 10);
    let mut called = Vec::new();
    for _ in 0..4 {
        called.push(desk.call_next(call(1)).await.unwrap().into_inner());
    }
    assert_eq!(called.iter().map(|ticket| ticket.number).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert_eq!((called[0].desk, called[0].state.as_str()), (1, "called"));
    assert_eq!(refusal(desk.call_next(call(1)).await), ["QUEUE_EMPTY"]);
    assert_eq!(desk.end_ticket(end(&called[1].id, false)).await.unwrap().into_inner().state, "served");
    assert_eq!(world.published::<AppointmentServed>().await.len(), 1, "the visit is over with it");
    assert_eq!(desk.end_ticket(end(&called[2].id, true)).await.unwrap().into_inner().state, "left");
    assert_eq!(desk.end_ticket(end(&called[2].id, false)).await.unwrap().into_inner().state, "left", "it has ended");
    world.end().await;
}

pub async fn who_is_late_or_misses_visits_is_seen(coverage: &Coverage) {
    let world = start(coverage).await;
    world.tell(NUMBER, 4, &awaited()).await;
    let mut applicant = client(&world, people::applicant());
    let mut desk = client(&world, people::supervisor());
    let sheet = GetDaySheetRequest { date: "2026-11-24".to_owned(), ..GetDaySheetRequest::default() };
    for hour in [9, 10, 11] {
        let right = applicant.book_appointments(choices(&[(0, at(24, hour, 0))])).await.unwrap().into_inner();
        let id = right.appointments.iter().find(|visit| visit.state == "booked").unwrap().id.clone();
        desk.mark_missed(AppointmentCommand { appointment_id: id }).await.unwrap();
    }
    let again = choices(&[(0, at(24, 12, 0))]);
    assert_eq!(refusal(applicant.book_appointments(again.clone()).await), ["MISSED_TOO_OFTEN"]);
    desk.book_appointments(again).await.unwrap();
    travel(&world, 24, 12);
    let late = |seen: DaySheet| seen.appointments.iter().filter(|visit| visit.late).count();
    assert_eq!(late(desk.get_day_sheet(sheet.clone()).await.unwrap().into_inner()), 0);
    travel(&world, 24, 13);
    assert_eq!(late(desk.get_day_sheet(sheet).await.unwrap().into_inner()), 1);
    let days = |since: &str, until: &str| GetVisitReportRequest {
        since: since.to_owned(),
        until: until.to_owned(),
        ..GetVisitReportRequest::default()
    };
    let told = desk.get_visit_report(days("2026-11-01", "2026-12-31")).await.unwrap().into_inner().months;
    let told: Vec<_> = told.iter().map(|of| (of.month.as_str(), of.planned, of.missed, of.served)).collect();
    assert_eq!(told, [("2026-11", 4, 3, 0), ("2026-12", 0, 0, 0)]);
    assert_eq!(refusal(desk.get_visit_report(days("2026-11-02", "2026-11-01")).await), ["DATE_ORDER at until"]);
    assert_eq!(refusal(applicant.get_visit_report(days("2026-11-01", "2026-11-02")).await), ["NOT_PERMITTED"]);
    world.end().await;
}
