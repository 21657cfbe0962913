//! Two offices: each with hours, places, closed days and a queue of its own; a person comes to one of them.

use booking::Booking;
use chassis::{
    Error, demo,
    service::Service as _,
    testing::{Alone, Coverage, first_changed, people, refusal},
};
use proto::{
    applications::v1::DocumentsAwaited,
    booking::v1::{
        AddWalkInRequest, AppointmentBooked, AppointmentDisplaced, AppointmentMoved, BookAppointmentsRequest,
        CallNextRequest, CheckInByCodeRequest, GetAppointmentRequest, GetBookingRightRequest, GetDaySheetRequest,
        GetHoursRequest, GetVisitReportRequest, HoldPlacesRequest, ImportDaysRequest, ListSlotsRequest,
        MoveAppointmentRequest, Opening, SaveDayRequest, SaveHolidaysRequest, SaveWeekRequest,
    },
};
use sea_orm::ConnectionTrait as _;

use super::{Client, NUMBER, at, awaited, choices, client, item, travel};

const RIGHT: GetBookingRightRequest = GetBookingRightRequest { application_number: NUMBER };

/// The shipped office and another one, from ten to four by the hour, lunch at noon; one place a slot each.
async fn start(coverage: &Coverage) -> Alone {
    let mut offices = first_changed(Booking::DEFAULTS, "offices", &[("slot_capacity", 1.into())]);
    let mut other = offices[0].clone();
    for (key, value) in [("id", "almaty"), ("opens", "10:00"), ("closes", "16:00"), ("lunch_from", "12:00")] {
        other[key] = value.into();
    }
    other["lunch_to"] = "13:00".into();
    other["slot_minutes"] = 60.into();
    other["address"]["en"] = "Almaty, second address".into();
    offices.as_array_mut().unwrap().push(other);
    let world = Alone::start_with::<Booking>(coverage, &[("booking.offices", offices)]).await;
    world.tell(NUMBER, 4, &awaited()).await;
    for number in [107, 108] {
        let own = vec![demo::item(number, 0).to_string()];
        world.tell(number, 1, &DocumentsAwaited { number, person_item_ids: own, ..awaited() }).await;
    }
    world
}

fn in_office(office: &str, chosen: &[(u128, i64)]) -> BookAppointmentsRequest {
    BookAppointmentsRequest { office_id: office.to_owned(), ..choices(chosen) }
}

/// The one person of another case.
fn other(number: i64, office: &str, start: i64) -> BookAppointmentsRequest {
    let mut request = in_office(office, &[(0, start)]);
    request.application_number = number;
    request.appointments[0].person_item_id = demo::item(number, 0).to_string();
    request
}

fn moving(id: &str, office: &str, start: i64) -> MoveAppointmentRequest {
    MoveAppointmentRequest { appointment_id: id.to_owned(), start_at_micros: start, office_id: office.to_owned() }
}

async fn offered(by: &mut Client, office: &str, date: &str) -> usize {
    let asked = ListSlotsRequest { application_number: NUMBER, date: date.to_owned(), office_id: office.to_owned() };
    by.list_slots(asked).await.unwrap().into_inner().slots.len()
}

pub async fn each_has_hours_and_places_of_its_own(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let right = applicant.get_booking_right(RIGHT).await.unwrap().into_inner();
    let ids: Vec<_> = right.offices.iter().map(|office| office.id.as_str()).collect();
    assert_eq!((ids, right.office.unwrap().id.as_str()), (vec!["astana", "almaty"], "astana"));
    let counts = [
        offered(&mut applicant, "", "2026-11-24").await,
        offered(&mut applicant, "astana", "2026-11-24").await,
        offered(&mut applicant, "almaty", "2026-11-24").await,
    ];
    assert_eq!(counts, [16, 16, 5]);

    applicant.book_appointments(in_office("almaty", &[(0, at(24, 10, 0))])).await.unwrap();
    let told = world.published::<AppointmentBooked>().await.remove(0).visit.unwrap();
    assert_eq!(
        (told.office_id.as_str(), told.office_address.unwrap().en.as_str()),
        ("almaty", "Almaty, second address")
    );
    let twice = applicant.book_appointments(in_office("astana", &[(0, at(24, 15, 0))])).await;
    assert_eq!(refusal(twice), ["ALREADY_BOOKED at appointments[0].person_item_id"]);
    let between = applicant.book_appointments(in_office("almaty", &[(1, at(24, 10, 30))])).await;
    assert_eq!(refusal(between), ["SLOT_UNKNOWN at appointments[0].start"], "by the hour");
    // The same time elsewhere is another place.
    applicant.book_appointments(other(107, "astana", at(24, 10, 0))).await.unwrap();
    let full = applicant.book_appointments(other(108, "almaty", at(24, 10, 0))).await;
    assert_eq!(refusal(full), ["SLOT_FULL at appointments[0].start"]);

    // Gone to the other office, its place is free.
    let id = applicant.get_booking_right(RIGHT).await.unwrap().into_inner().appointments[0].id.clone();
    let taken = applicant.move_appointment(moving(&id, "astana", at(24, 10, 0))).await;
    assert_eq!(refusal(taken), ["SLOT_FULL at start"]);
    applicant.move_appointment(moving(&id, "astana", at(24, 11, 0))).await.unwrap();
    applicant.book_appointments(other(108, "almaty", at(24, 10, 0))).await.unwrap();
    let moved = world.published::<AppointmentMoved>().await.remove(0).visit.unwrap();
    assert_eq!(moved.office_id, "astana");
    let stays = applicant.move_appointment(moving(&id, "", at(24, 11, 30))).await.unwrap().into_inner();
    assert_eq!(stays.appointments[0].office_id, "astana", "who names no office stays where he is");
    let seen = GetAppointmentRequest { appointment_id: id };
    let history = applicant.get_appointment(seen).await.unwrap().into_inner().history;
    let whither: Vec<_> = history.iter().map(|change| change.office_id.as_str()).collect();
    assert_eq!(whither, ["almaty", "astana", "astana"]);
    world.end().await;
}

pub async fn a_family_is_kept_places_in_one_office(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let holding = |start| HoldPlacesRequest {
        application_number: NUMBER,
        start_at_micros: start,
        person_item_ids: Vec::new(),
        office_id: "almaty".to_owned(),
    };
    assert_eq!(refusal(applicant.hold_places(holding(at(24, 11, 0))).await), ["SLOTS_NOT_IN_A_ROW at start"], "lunch");
    let right = applicant.hold_places(holding(at(24, 13, 0))).await.unwrap().into_inner();
    let held: Vec<_> = right.held.iter().map(|visit| (visit.office_id.as_str(), visit.start_at_micros)).collect();
    assert_eq!(held, [("almaty", at(24, 13, 0)), ("almaty", at(24, 14, 0))]);
    assert_eq!(right.held[0].length_minutes, 60);
    world.end().await;
}

pub async fn an_office_that_is_none_is_refused(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let office_id = || "nowhere".to_owned();
    let unknown = ["OFFICE_UNKNOWN at office_id"];
    let asked = ListSlotsRequest { application_number: NUMBER, office_id: office_id(), ..ListSlotsRequest::default() };
    assert_eq!(refusal(applicant.list_slots(asked).await), unknown);
    let chosen = in_office("nowhere", &[(0, at(24, 10, 0))]);
    assert_eq!(refusal(applicant.book_appointments(chosen).await), unknown);
    let held = HoldPlacesRequest { application_number: NUMBER, office_id: office_id(), ..HoldPlacesRequest::default() };
    assert_eq!(refusal(applicant.hold_places(held).await), unknown);
    let right = applicant.book_appointments(in_office("", &[(0, at(24, 10, 0))])).await.unwrap().into_inner();
    let moved = moving(&right.appointments[0].id, "nowhere", at(25, 10, 0));
    assert_eq!(refusal(applicant.move_appointment(moved).await), unknown);
    assert_eq!(refusal(manager.get_hours(GetHoursRequest { office_id: office_id() }).await), unknown);
    let week = SaveWeekRequest { office_id: office_id(), ..SaveWeekRequest::default() };
    assert_eq!(refusal(manager.save_week(week).await), unknown);
    let day = SaveDayRequest { office_id: office_id(), ..SaveDayRequest::default() };
    assert_eq!(refusal(manager.save_day(day).await), unknown);
    let days = ImportDaysRequest { office_id: office_id(), ..ImportDaysRequest::default() };
    assert_eq!(refusal(manager.import_days(days).await), unknown);
    let holidays = SaveHolidaysRequest { office_id: office_id(), ..SaveHolidaysRequest::default() };
    assert_eq!(refusal(client(&world, people::admin()).save_holidays(holidays).await), unknown);
    let sheet = GetDaySheetRequest { office_id: office_id(), ..GetDaySheetRequest::default() };
    assert_eq!(refusal(manager.get_day_sheet(sheet).await), unknown);
    let code = CheckInByCodeRequest { office_id: office_id(), ..CheckInByCodeRequest::default() };
    assert_eq!(refusal(manager.check_in_by_code(code).await), unknown);
    let walked = AddWalkInRequest { application_number: NUMBER, office_id: office_id() };
    assert_eq!(refusal(manager.add_walk_in(walked).await), unknown);
    assert_eq!(refusal(manager.call_next(CallNextRequest { desk: 1, office_id: office_id() }).await), unknown);
    let (since, until) = ("2026-11-01".to_owned(), "2026-11-30".to_owned());
    let report = GetVisitReportRequest { since, until, office_id: office_id() };
    assert_eq!(refusal(manager.get_visit_report(report).await), unknown);
    world.end().await;
}

fn closing(office: &str, version: i64, displace: bool) -> SaveDayRequest {
    SaveDayRequest {
        version,
        date: "2026-11-27".to_owned(),
        opening: Some(Opening::default()),
        displace,
        office_id: office.to_owned(),
        ..SaveDayRequest::default()
    }
}

pub async fn a_day_is_closed_in_one_of_them(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    applicant.book_appointments(in_office("astana", &[(0, at(27, 10, 0))])).await.unwrap();
    applicant.book_appointments(in_office("almaty", &[(1, at(27, 10, 0))])).await.unwrap();
    let hours = |office: &str| GetHoursRequest { office_id: office.to_owned() };
    assert_eq!(refusal(manager.save_day(closing("almaty", 0, false)).await), ["VISITS_BOOKED at displace"]);
    assert_eq!(manager.save_day(closing("almaty", 0, true)).await.unwrap().into_inner().version, 1);
    assert_eq!(world.step("displace-visits").await, 1, "the other office's visit stays");
    let told = world.published::<AppointmentDisplaced>().await;
    assert_eq!(told[0].visit.as_ref().unwrap().person_item_id, item(1));
    assert_eq!(offered(&mut applicant, "almaty", "2026-11-27").await, 0);
    assert_eq!(offered(&mut applicant, "astana", "2026-11-27").await, 16);

    // A change elsewhere holds nobody up; one of the same office does.
    let first = manager.get_hours(hours("astana")).await.unwrap().into_inner();
    assert_eq!((first.version, first.displaced.len(), first.days.len(), first.editions.len()), (0, 0, 0, 0));
    let second = manager.get_hours(hours("almaty")).await.unwrap().into_inner();
    assert_eq!((second.version, second.displaced.len(), second.days.len()), (1, 1, 1));
    assert_eq!(second.editions[0].office_id, "almaty");
    assert_eq!(refusal(manager.save_day(closing("almaty", 0, true)).await), ["VERSION_CONFLICT"]);
    let table = ImportDaysRequest { table: "2026-11-26,09:00,13:00".to_owned(), ..ImportDaysRequest::default() };
    assert_eq!(manager.import_days(table).await.unwrap().into_inner().version, 2);
    assert_eq!(offered(&mut applicant, "astana", "2026-11-26").await, 8);
    assert_eq!(offered(&mut applicant, "almaty", "2026-11-26").await, 5);

    // Holidays hold for all, and ask all.
    let mut admin = client(&world, people::admin());
    let file = |version, displace| SaveHolidaysRequest {
        version,
        holidays: "2026-11-27 holiday\n".to_owned(),
        displace,
        office_id: "almaty".to_owned(),
        ..SaveHolidaysRequest::default()
    };
    assert_eq!(refusal(admin.save_holidays(file(1, false)).await), ["VISITS_BOOKED at displace"]);
    admin.save_holidays(file(1, true)).await.unwrap();
    for office in ["astana", "almaty"] {
        assert_eq!(manager.get_hours(hours(office)).await.unwrap().into_inner().version, 3, "{office}");
    }
    assert_eq!(offered(&mut applicant, "astana", "2026-11-27").await, 0);
    world.end().await;
}

pub async fn each_has_a_queue_of_its_own(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut desk) = (client(&world, people::applicant()), client(&world, people::manager()));
    let right = applicant.book_appointments(in_office("almaty", &[(0, at(24, 10, 0))])).await.unwrap().into_inner();
    applicant.book_appointments(in_office("astana", &[(1, at(24, 10, 0))])).await.unwrap();
    travel(&world, 24, 9);
    let told = |office: &str| {
        let (code, office_id) = (right.appointments[0].code.clone(), office.to_owned());
        CheckInByCodeRequest { code, office_id }
    };
    assert_eq!(refusal(desk.check_in_by_code(told("astana")).await), ["VISIT_CODE_UNKNOWN at code"]);
    desk.check_in_by_code(told("almaty")).await.unwrap();
    let walked = AddWalkInRequest { application_number: 107, office_id: "astana".to_owned() };
    let walked = desk.add_walk_in(walked).await.unwrap().into_inner();
    assert_eq!((walked.number, walked.office_id.as_str()), (1, "astana"));
    let call = |office: &str| CallNextRequest { desk: 1, office_id: office.to_owned() };
    let called = desk.call_next(call("almaty")).await.unwrap().into_inner();
    assert_eq!((called.number, called.application_number, called.office_id.as_str()), (1, NUMBER, "almaty"));
    assert_eq!(refusal(desk.call_next(call("almaty")).await), ["QUEUE_EMPTY"]);
    assert_eq!(desk.call_next(call("")).await.unwrap().into_inner().application_number, 107);
    for (office, who) in [("almaty", item(0)), ("astana", item(1))] {
        let sheet = GetDaySheetRequest { date: "2026-11-24".to_owned(), office_id: office.to_owned() };
        let sheet = desk.get_day_sheet(sheet).await.unwrap().into_inner();
        assert_eq!(sheet.office.unwrap().id, office);
        assert_eq!(sheet.appointments.iter().map(|visit| visit.person_item_id.clone()).collect::<Vec<_>>(), [who]);
        assert_eq!((sheet.queue.len(), sheet.offices.len()), (1, 2));
    }
    let mut counted = Vec::new();
    for office in ["", "astana", "almaty"] {
        let (since, until) = ("2026-11-01".to_owned(), "2026-11-30".to_owned());
        let asked = GetVisitReportRequest { since, until, office_id: office.to_owned() };
        let month = desk.get_visit_report(asked).await.unwrap().into_inner().months.remove(0);
        counted.push((month.planned, month.walk_ins));
    }
    assert_eq!(counted, [(2, 1), (1, 1), (1, 0)]);
    world.end().await;
}

/// Rows as an older release wrote them name no office.
pub async fn what_was_there_before_is_the_first_ones(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut desk) = (client(&world, people::applicant()), client(&world, people::manager()));
    let right = applicant.book_appointments(in_office("", &[(0, at(24, 10, 0))])).await.unwrap().into_inner();
    desk.save_day(closing("astana", 0, false)).await.unwrap();
    travel(&world, 24, 9);
    let walked = AddWalkInRequest { application_number: 107, ..AddWalkInRequest::default() };
    let ticket = desk.add_walk_in(walked.clone()).await.unwrap().into_inner();
    let forget = |tx: chassis::Tx| async move {
        for table in ["appointment", "appointment_change", "ticket", "office_edition"] {
            tx.execute_unprepared(&format!("UPDATE {table} SET office_id = ''")).await?;
        }
        Ok::<_, Error>(())
    };
    world.context.db.write(forget).await.unwrap();
    let seen = applicant.get_booking_right(RIGHT).await.unwrap().into_inner();
    assert_eq!((seen.appointments[0].office_id.as_str(), seen.appointments[0].length_minutes), ("astana", 30));
    assert_eq!(offered(&mut applicant, "astana", "2026-11-27").await, 0);
    assert_eq!(offered(&mut applicant, "almaty", "2026-11-27").await, 5);
    assert_eq!(desk.get_hours(GetHoursRequest::default()).await.unwrap().into_inner().version, 1);
    assert_eq!(desk.add_walk_in(walked).await.unwrap().into_inner().id, ticket.id, "he waits already");
    let sheet = GetDaySheetRequest { office_id: "astana".to_owned(), ..GetDaySheetRequest::default() };
    let sheet = desk.get_day_sheet(sheet).await.unwrap().into_inner();
    assert_eq!((sheet.appointments.len(), sheet.queue.len()), (1, 1));
    assert_eq!(world.step("displace-visits").await, 0);
    let id = &right.appointments[0].id;
    let moved = desk.move_appointment(moving(id, "almaty", at(25, 10, 0))).await.unwrap().into_inner();
    assert_eq!(moved.appointments[0].office_id, "almaty");
    world.end().await;
}
