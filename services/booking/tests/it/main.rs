//! booking alone: every RPC, every refusal, every fact.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

mod changes;
mod holds;
mod hours;
mod office;
mod offices;
mod oversold;
mod queue;
mod rights;
mod visits;

use booking::Booking;
use chassis::{
    demo,
    service::Service as _,
    testing::{Alone, Caller, Coverage, first_changed, people},
};
use kernel::{Actor, Time};
use proto::{
    applications::v1::DocumentsAwaited,
    booking::v1::{AppointmentChoice, BookAppointmentsRequest, booking_client::BookingClient},
};

const NUMBER: i64 = 106;

#[tokio::test]
async fn booking_alone_keeps_its_whole_contract() {
    let coverage = Coverage::default();
    // Each on the heap: all of them together are too much for the stack of a test.
    Box::pin(rights::the_right_follows_the_case(&coverage)).await;
    Box::pin(rights::old_news_is_passed_over(&coverage)).await;
    Box::pin(rights::a_cancelled_case_frees_its_visits(&coverage)).await;
    Box::pin(rights::what_is_ready_is_fetched(&coverage)).await;
    Box::pin(rights::a_case_has_rules_of_its_own(&coverage)).await;
    Box::pin(office::days_and_slots_are_the_offices(&coverage)).await;
    Box::pin(office::the_day_sheet_is_for_the_office(&coverage)).await;
    Box::pin(visits::a_family_books_all_or_none(&coverage)).await;
    Box::pin(visits::a_full_slot_takes_nobody_more(&coverage)).await;
    Box::pin(visits::what_comes_at_once_is_answered_each_by_itself(&coverage)).await;
    Box::pin(visits::a_visit_goes_its_way_and_no_other(&coverage)).await;
    Box::pin(visits::a_visit_is_given_back_until_the_day_before(&coverage)).await;
    Box::pin(holds::a_family_is_kept_places_in_a_row(&coverage)).await;
    Box::pin(holds::a_hold_runs_out(&coverage)).await;
    Box::pin(changes::a_visit_gets_another_time(&coverage)).await;
    Box::pin(changes::who_does_not_say_that_he_comes_loses_his_place(&coverage)).await;
    Box::pin(changes::a_late_reminder_leaves_time_to_answer(&coverage)).await;
    Box::pin(hours::hours_count_from_their_date_on(&coverage)).await;
    Box::pin(hours::a_closed_day_asks_its_visitors_for_another_time(&coverage)).await;
    Box::pin(hours::slots_follow_the_desks(&coverage)).await;
    Box::pin(hours::days_come_in_as_a_table(&coverage)).await;
    Box::pin(queue::one_queue_has_its_order(&coverage)).await;
    Box::pin(queue::who_is_late_or_misses_visits_is_seen(&coverage)).await;
    Box::pin(offices::each_has_hours_and_places_of_its_own(&coverage)).await;
    Box::pin(offices::a_family_is_kept_places_in_one_office(&coverage)).await;
    Box::pin(offices::an_office_that_is_none_is_refused(&coverage)).await;
    Box::pin(offices::a_day_is_closed_in_one_of_them(&coverage)).await;
    Box::pin(offices::each_has_a_queue_of_its_own(&coverage)).await;
    Box::pin(offices::what_was_there_before_is_the_first_ones(&coverage)).await;
    Box::pin(oversold::no_slot_is_oversold_in_any_order(&coverage)).await;
    coverage.assert_complete(booking::REFUSALS);
}

type Client = BookingClient<Caller>;

fn client(world: &Alone, actor: Actor) -> Client {
    BookingClient::new(world.by(actor))
}

/// booking, with one place a slot.
async fn start(coverage: &Coverage) -> Alone {
    let offices = first_changed(Booking::DEFAULTS, "offices", &[("slot_capacity", 1.into())]);
    Alone::start_with::<Booking>(coverage, &[("booking.offices", offices)]).await
}

/// The fact that opens the right for two persons of the applicant's case.
fn awaited() -> DocumentsAwaited {
    DocumentsAwaited {
        number: NUMBER,
        account_id: people::applicant().account().unwrap().to_string(),
        person_item_ids: vec![item(0), item(1)],
        kind: "hand_over".to_owned(),
        ..DocumentsAwaited::default()
    }
}

fn item(index: u128) -> String {
    demo::item(NUMBER, index).to_string()
}

/// A start on one of the next days, in the office's hours.
fn at(day: i8, hour: i8, minute: i8) -> i64 {
    let civil = jiff::civil::date(2026, 11, day).at(hour, minute, 0, 0);
    kernel::Zone::parse("Asia/Almaty").unwrap().time(civil).micros()
}

fn choices(chosen: &[(u128, i64)]) -> BookAppointmentsRequest {
    let appointments = chosen
        .iter()
        .map(|(index, start)| AppointmentChoice { person_item_id: item(*index), start_at_micros: *start })
        .collect();
    BookAppointmentsRequest { application_number: NUMBER, appointments, ..BookAppointmentsRequest::default() }
}

/// Moves the clock to a time of this month.
fn travel(world: &Alone, day: i8, hour: i8) {
    world.clock.advance(Time::from_micros(at(day, hour, 0)).since(world.now()));
}
