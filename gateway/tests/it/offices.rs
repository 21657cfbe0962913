//! Several offices: one is chosen before a day, and every page and file tells whose it is.

use http::StatusCode;
use proto::applications::v1 as apps;
use proto::booking::v1 as booking;

use crate::browser::World;
use crate::samples::{applications::application, right};

const APPLICANT: &str = "portal=applicant-1; lang=en";
const STAFF: &str = "portal=staff-1; lang=en";

fn offices() -> Vec<booking::Office> {
    let office = |id: &str, name: &str, address: &str| {
        let text = |text: &str| {
            let text = text.to_owned();
            Some(proto::common::v1::LocalizedText { en: text.clone(), ru: text.clone(), kk: text })
        };
        let (id, zone) = (id.to_owned(), "Asia/Almaty".to_owned());
        booking::Office { id, name: text(name), address: text(address), zone }
    };
    vec![office("astana", "First office", "1 First street"), office("almaty", "Second office", "2 Second street")]
}

/// The sample's right, with a visit in the second of two offices.
fn two(number: i64) -> booking::BookingRight {
    let mut right = right(number);
    right.offices = offices();
    right.office = right.offices.first().cloned();
    for visit in &mut right.appointments {
        "almaty".clone_into(&mut visit.office_id);
    }
    right
}

fn world() -> World {
    let world = World::start();
    world.fakes.on("booking.Booking/GetBookingRight", |asked: booking::GetBookingRightRequest| {
        Ok(two(asked.application_number))
    });
    world
}

#[tokio::test]
async fn with_one_office_nobody_is_asked() {
    let world = World::start();
    let page = world.get("/booking/4", APPLICANT).await;
    assert!(page.text.contains("55/18 Mangilik el Avenue") && page.text.contains("id=\"times\""), "{}", page.text);
    assert!(!page.text.contains("Choose an office") && !page.text.contains("office="), "{}", page.text);
}

#[tokio::test]
async fn an_office_is_chosen_before_a_day() {
    let world = world();
    let page = world.get("/booking/4", APPLICANT).await;
    assert!(page.text.contains("Choose an office") && page.text.contains("1 First street"), "{}", page.text);
    assert!(page.text.contains("Second office, 2 Second street"), "where the visit is that is booked already");
    assert!(page.text.contains("/booking/4?office=almaty#days") && !page.text.contains("id=\"times\""));
    assert!(world.fakes.calls("ListSlots").is_empty());

    let page = world.get("/booking/4?office=almaty", APPLICANT).await;
    assert!(page.text.contains("?date=2024-12-10&amp;office=almaty#times"), "{}", page.text);
    assert_eq!(page.hidden("office"), "almaty");
    world.fakes.on("booking.Booking/BookAppointments", |asked: booking::BookAppointmentsRequest| {
        assert_eq!(asked.office_id, "almaty");
        Err::<booking::BookingRight, _>(chassis::testing::refuse(
            "INPUT_INVALID",
            &[("appointments[0].start", "SLOT_FULL")],
        ))
    });
    let fields = [
        ("form_token", &*page.hidden("form_token")),
        ("office", "almaty"),
        ("date", "2024-12-10"),
        ("person", "itm_1"),
        ("start.itm_1", "1733716800000000"),
    ];
    let refused = world.post("/booking/4", APPLICANT, &fields).await;
    assert_eq!((refused.status, refused.hidden("office").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "almaty"));

    let move_page = world.get("/booking/4/visits/apt_1", APPLICANT).await;
    assert_eq!(move_page.hidden("office"), "almaty", "a visit stays in its office unless another one is chosen");
    assert!(move_page.text.contains("/booking/4/visits/apt_1?office=astana"), "{}", move_page.text);
    let file = world.get("/booking/4/calendar", APPLICANT).await;
    assert!(file.text.contains("LOCATION:2 Second street"), "{}", file.text);
}

#[tokio::test]
async fn staff_keep_their_office_by_the_address() {
    let world = world();
    world.fakes.on("booking.Booking/GetDaySheet", |asked: booking::GetDaySheetRequest| {
        let office = offices().into_iter().find(|office| office.id == asked.office_id);
        Ok(booking::DaySheet {
            date: "2024-12-09".to_owned(),
            today: true,
            office: office.or_else(|| offices().into_iter().next()),
            offices: offices(),
            ..booking::DaySheet::default()
        })
    });
    world.fakes.on("booking.Booking/CallNext", |asked: booking::CallNextRequest| {
        assert_eq!((asked.desk, asked.office_id.as_str()), (2, "almaty"));
        Ok(booking::Ticket::default())
    });
    world.fakes.on("booking.Booking/GetHours", |asked: booking::GetHoursRequest| {
        let office = offices().into_iter().find(|office| office.id == asked.office_id);
        Ok(booking::Hours { office, offices: offices(), ..booking::Hours::default() })
    });
    world.fakes.on("booking.Booking/SaveDay", |asked: booking::SaveDayRequest| {
        assert_eq!(asked.office_id, "almaty");
        Ok(booking::Hours::default())
    });
    let page = world.get("/staff/day-sheet?office=almaty", STAFF).await;
    assert!(page.text.contains("href=\"/staff/day-sheet?date=2024-12-09&#38;office=astana\""), "{}", page.text);
    let fields = [
        ("form_token", &*page.hidden("form_token")),
        ("office", &*page.hidden("office")),
        ("date", "2024-12-09"),
        ("desk", "2"),
        ("action", "call"),
    ];
    let called = world.post("/staff/queue", STAFF, &fields).await;
    assert_eq!(called.header("location"), "/staff/day-sheet?date=2024-12-09&office=almaty&desk=2");
    let page = world.get("/staff/hours?office=almaty", STAFF).await;
    assert!(page.text.contains("Second office") && page.text.contains("/staff/hours?office=astana"), "{}", page.text);
    let fields = [("form_token", &*page.hidden("form_token")), ("office", &*page.hidden("office")), ("day", "closed")];
    let saved = world.post("/staff/hours/day", STAFF, &fields).await;
    assert_eq!(saved.header("location"), "/staff/hours?saved&office=almaty");
}

#[tokio::test]
async fn a_case_shows_where_its_visits_take_place() {
    let world = world();
    world.fakes.on("applications.Applications/GetApplication", |asked: apps::GetApplicationRequest| {
        let (appointment_id, state) = ("apt_1".to_owned(), "booked".to_owned());
        let visit = apps::Visit { appointment_id, state, ..apps::Visit::default() };
        Ok(apps::Application { visits: vec![visit], ..application(asked.number) })
    });
    for (path, who) in [("/applications/4/overview", APPLICANT), ("/staff/applications/4", STAFF)] {
        let page = world.get(path, who).await;
        assert!(page.text.contains("Second office, 2 Second street"), "{path}: {}", page.text);
    }
    world.fakes.on("booking.Booking/GetBookingRight", |_: booking::GetBookingRightRequest| {
        Err::<booking::BookingRight, _>(tonic::Status::not_found("none"))
    });
    assert_eq!(world.get("/applications/4/overview", APPLICANT).await.status, StatusCode::OK);
}
