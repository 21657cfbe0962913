//! The office's hours as data: weeks from a date on, days of their own, holidays; what is booked is never broken.

use chassis::testing::{Alone, Coverage, people, refusal};
use proto::booking::v1::{
    AppointmentDisplaced, GetHoursRequest, HolidaysChanged, Hours, ImportDaysRequest, ListSlotsRequest,
    MoveAppointmentRequest, Opening, SaveDayRequest, SaveHolidaysRequest, SaveWeekRequest,
};

use super::{Client, NUMBER, at, awaited, choices, client, start, travel};

const SEEN: GetHoursRequest = GetHoursRequest { office_id: String::new() };

fn open(opens: &str, closes: &str, lunch: (&str, &str)) -> Opening {
    let (opens, closes) = (opens.to_owned(), closes.to_owned());
    Opening { open: true, opens, closes, lunch_from: lunch.0.to_owned(), lunch_to: lunch.1.to_owned() }
}

fn week(version: i64, from: &str, day: &Opening) -> SaveWeekRequest {
    let mut days = vec![day.clone(); 5];
    days.extend([Opening::default(), Opening::default()]);
    let valid_from = from.to_owned();
    SaveWeekRequest { version, valid_from, desks: 2, slot_minutes: 30, days, ..SaveWeekRequest::default() }
}

fn day(version: i64, date: &str, opening: Option<Opening>) -> SaveDayRequest {
    SaveDayRequest { version, date: date.to_owned(), opening, ..SaveDayRequest::default() }
}

/// Slots and places of a day.
async fn offered(by: &mut Client, date: &str) -> (usize, u32) {
    let asked = ListSlotsRequest { application_number: NUMBER, date: date.to_owned(), ..ListSlotsRequest::default() };
    let shown = by.list_slots(asked).await.unwrap().into_inner();
    (shown.slots.len(), shown.slots.iter().map(|slot| slot.free).sum())
}

pub async fn hours_count_from_their_date_on(coverage: &Coverage) {
    let world = start(coverage).await;
    world.tell(NUMBER, 4, &awaited()).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    for denied in [people::applicant(), people::finance()] {
        let mut by = client(&world, denied);
        assert_eq!(refusal(by.get_hours(SEEN).await), ["NOT_PERMITTED"]);
        assert_eq!(refusal(by.save_day(day(0, "2026-11-25", None)).await), ["NOT_PERMITTED"]);
    }
    let seen = manager.get_hours(SEEN).await.unwrap().into_inner();
    assert_eq!((seen.version, seen.weeks.len(), seen.weeks[0].desks), (0, 1, 1));
    assert_eq!(seen.weeks[0].days[0], open("09:00", "18:00", ("13:00", "14:00")));
    assert!(!seen.weeks[0].days[5].open && seen.holidays.contains("2026-12-16 holiday"));

    let short = open("10:00", "12:00", ("", ""));
    let mut wrong = week(0, "2026-11-20", &open("12:00", "10:00", ("", "")));
    (wrong.desks, wrong.slot_minutes) = (0, 1);
    let told = refusal(manager.save_week(wrong.clone()).await);
    assert_eq!(told, ["DAY_PAST at valid_from"]);
    wrong.valid_from = "2026-11-26".to_owned();
    let told = refusal(manager.save_week(wrong.clone()).await);
    assert_eq!(
        told[..3],
        ["DESKS_RANGE at desks", "SLOT_LENGTH_RANGE at slot_minutes", "HOURS_MALFORMED at days[0].opens"]
    );
    wrong.valid_from = "soon".to_owned();
    assert_eq!(refusal(manager.save_week(wrong).await), ["DATE_MALFORMED at valid_from"]);
    let saved = manager.save_week(week(0, "2026-11-26", &short)).await.unwrap().into_inner();
    assert_eq!((saved.version, saved.weeks.len(), saved.weeks[1].valid_from.as_str()), (1, 2, "2026-11-26"));
    assert_eq!(refusal(manager.save_week(week(0, "2026-11-27", &short)).await), ["VERSION_CONFLICT"]);
    assert_eq!(offered(&mut applicant, "2026-11-25").await, (16, 16));
    assert_eq!(offered(&mut applicant, "2026-11-26").await, (4, 8));

    // A day of its own, and as usual again.
    manager.save_day(day(1, "2026-11-26", Some(Opening::default()))).await.unwrap();
    assert_eq!(offered(&mut applicant, "2026-11-26").await.0, 0);
    let long = open("08:00", "20:00", ("12:00", "13:00"));
    manager.save_day(day(2, "2026-11-28", Some(long))).await.unwrap();
    assert_eq!(offered(&mut applicant, "2026-11-28").await, (22, 44), "a Saturday");
    manager.save_day(day(3, "2026-11-26", None)).await.unwrap();
    assert_eq!(offered(&mut applicant, "2026-11-26").await.0, 4);
    let bad = day(4, "2026-11-26", Some(open("9", "18:00", ("", ""))));
    assert_eq!(refusal(manager.save_day(bad).await), ["HOURS_MALFORMED at opening.opens"]);

    // Holidays are the administrator's.
    let mut admin = client(&world, people::admin());
    let file = |version, holidays: &str| SaveHolidaysRequest {
        version,
        holidays: holidays.to_owned(),
        ..SaveHolidaysRequest::default()
    };
    assert_eq!(refusal(manager.save_holidays(file(4, "")).await), ["NOT_PERMITTED"]);
    let twice = "2026-11-27 holiday\n2026-11-27 holiday\n";
    assert_eq!(refusal(admin.save_holidays(file(4, twice)).await), ["HOLIDAYS_MALFORMED at holidays"]);
    let endless = "# nothing\n".repeat(10_001);
    assert_eq!(refusal(admin.save_holidays(file(4, &endless)).await), ["TEXT_TOO_LONG at holidays"]);
    let saved = admin.save_holidays(file(4, "2026-11-27 holiday # by decree\r\n2026-12-05 working\r\n")).await.unwrap();
    let saved: Hours = saved.into_inner();
    assert_eq!(saved.holidays, "2026-11-27 holiday # by decree\n2026-12-05 working\n");
    assert_eq!(
        saved.editions.iter().map(|edition| edition.part.as_str()).collect::<Vec<_>>(),
        ["holidays", "day", "day", "day", "week"]
    );
    let told = world.published::<HolidaysChanged>().await;
    assert_eq!((told.len(), &told[0].holidays), (1, &saved.holidays), "whoever counts working days hears of it");
    assert_eq!(offered(&mut applicant, "2026-11-27").await.0, 0);
    assert_eq!(offered(&mut applicant, "2026-12-05").await.0, 4, "a Saturday that is worked in exchange");
    world.end().await;
}

pub async fn a_closed_day_asks_its_visitors_for_another_time(coverage: &Coverage) {
    let world = start(coverage).await;
    world.tell(NUMBER, 4, &awaited()).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    let booked = choices(&[(0, at(27, 10, 0)), (1, at(26, 10, 0))]);
    let id = applicant.book_appointments(booked).await.unwrap().into_inner().appointments[1].id.clone();
    let closed = Some(Opening::default());
    let unasked = manager.save_day(day(0, "2026-11-27", closed.clone())).await;
    assert_eq!(refusal(unasked), ["VISITS_BOOKED at displace"]);
    assert_eq!(manager.get_hours(SEEN).await.unwrap().into_inner().version, 0, "nothing was kept");
    let asked = SaveDayRequest { displace: true, ..day(0, "2026-11-27", closed) };
    manager.save_day(asked).await.unwrap();
    assert_eq!(world.step("displace-visits").await, 1);
    assert_eq!(world.step("displace-visits").await, 0);
    let told = world.published::<AppointmentDisplaced>().await;
    assert_eq!((told.len(), told[0].visit.as_ref().unwrap().start_at_micros), (1, at(27, 10, 0)));
    let seen = manager.get_hours(SEEN).await.unwrap().into_inner();
    assert_eq!(seen.displaced.iter().map(|visit| visit.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);

    // He is not asked whether he comes, and may choose anew even on the day itself.
    travel(&world, 25, 11);
    assert_eq!(world.step("remind-visitors").await, 1, "the other visit alone");
    travel(&world, 27, 9);
    let to = MoveAppointmentRequest {
        appointment_id: id,
        start_at_micros: at(30, 10, 0),
        ..MoveAppointmentRequest::default()
    };
    let right = applicant.move_appointment(to).await.unwrap().into_inner();
    assert!(right.appointments.iter().all(|visit| !visit.displaced), "{right:?}");
    world.end().await;
}

/// More or fewer desks: a slot that is known already follows, but keeps whom it has.
pub async fn slots_follow_the_desks(coverage: &Coverage) {
    let world: Alone = start(coverage).await;
    world.tell(NUMBER, 4, &awaited()).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    applicant.book_appointments(choices(&[(0, at(26, 10, 0))])).await.unwrap();
    manager.save_week(week(0, "2026-11-24", &open("09:00", "18:00", ("13:00", "14:00")))).await.unwrap();
    assert_eq!(world.step("displace-visits").await, 0);
    applicant.book_appointments(choices(&[(1, at(26, 10, 0))])).await.unwrap();
    let one = SaveWeekRequest { desks: 1, ..week(1, "2026-11-24", &open("09:00", "18:00", ("13:00", "14:00"))) };
    manager.save_week(one).await.unwrap();
    world.step("displace-visits").await;
    assert_eq!(offered(&mut applicant, "2026-11-26").await, (16, 15));
    world.end().await;
}

/// Many days from one table: every wrong line is named, and nothing is kept then.
pub async fn days_come_in_as_a_table(coverage: &Coverage) {
    let world: Alone = start(coverage).await;
    world.tell(NUMBER, 4, &awaited()).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    let table =
        |version, table: &str| ImportDaysRequest { version, table: table.to_owned(), ..ImportDaysRequest::default() };
    assert_eq!(refusal(applicant.import_days(table(0, "")).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(manager.import_days(table(0, "date,opens\n\n")).await), ["DAYS_NONE at table"]);
    let wrong = "date;opens\n2026-11-26;09:00;13:00\nsoon;closed\n2026-11-01;closed\n2026-11-27;13:00;09:00\n2026-11-26;closed\n";
    let told = refusal(manager.import_days(table(0, wrong)).await);
    let lines = [
        "DAY_LINE_MALFORMED at lines[3]",
        "DAY_LINE_PAST at lines[4]",
        "DAY_LINE_HOURS at lines[5]",
        "DAY_LINE_MALFORMED at lines[6]",
    ];
    assert_eq!(told, lines);
    let right = "2026-11-26,09:00,13:00,,,Short day\n2026-11-27,closed,,,,Moving\n";
    let saved = manager.import_days(table(0, right)).await.unwrap().into_inner();
    let notes: Vec<_> = saved.days.iter().map(|day| (day.date.as_str(), day.note.as_str())).collect();
    assert_eq!(notes, [("2026-11-26", "Short day"), ("2026-11-27", "Moving")]);
    assert_eq!([offered(&mut applicant, "2026-11-26").await.0, offered(&mut applicant, "2026-11-27").await.0], [8, 0]);
    manager.import_days(table(1, "2026-11-27,usual")).await.unwrap();
    assert_eq!(offered(&mut applicant, "2026-11-27").await.0, 16);
    world.end().await;
}
