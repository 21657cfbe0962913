//! Whatever order people book, hold, confirm, move, cancel and let go in, at once or one after the other: a slot counts
//! its visitors and holds, and never more than it has places; a person has one visit.

use booking::Booking;
use chassis::{
    demo,
    service::Service as _,
    testing::{Alone, Coverage, first_changed, people},
};
use proto::{
    applications::v1::DocumentsAwaited,
    booking::v1::{
        AppointmentChoice, BookAppointmentsRequest, CancelAppointmentRequest, GetBookingRightRequest, HoldCommand,
        HoldPlacesRequest, MoveAppointmentRequest,
    },
};
use sea_orm::{ConnectionTrait as _, Statement};

use super::{at, client};

const CASES: i64 = 6;
const ROUNDS: usize = 40;
const AT_ONCE: usize = 5;

/// Numbers that look like chance and are the same each time for a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

pub async fn no_slot_is_oversold_in_any_order(coverage: &Coverage) {
    let changes = [
        ("booking.offices", first_changed(Booking::DEFAULTS, "offices", &[("slot_capacity", 2.into())])),
        ("booking.moves_max", 1000.into()),
        ("booking.missed_max", 0.into()),
    ];
    let world = Alone::start_with::<Booking>(coverage, &changes).await;
    let starts = [at(24, 10, 0), at(24, 10, 30), at(24, 11, 0), at(25, 9, 0)];
    for number in 200..200 + CASES {
        let person_item_ids = (0..3).map(|index| demo::item(number, index).to_string()).collect();
        let account_id = people::applicant().account().unwrap().to_string();
        let kind = "hand_over".to_owned();
        world
            .tell(
                number,
                1,
                &DocumentsAwaited { number, account_id, person_item_ids, kind, ..DocumentsAwaited::default() },
            )
            .await;
    }
    let mut chance = Chance(20_261_123);
    let mut reached = 0;
    for round in 0..ROUNDS {
        let wishes: Vec<_> = (0..AT_ONCE).map(|_| wish(&world, &mut chance, &starts)).collect();
        futures::future::join_all(wishes).await;
        if chance.below(4) == 0 {
            world.clock.advance(std::time::Duration::from_mins(6));
            world.step("lapse-holds").await;
        }
        reached = reached.max(check(&world, round).await);
    }
    assert_eq!(reached, 2, "slots were full now and then");
    world.end().await;
}

/// One thing that somebody does, whatever comes of it.
fn wish(world: &Alone, chance: &mut Chance, starts: &[i64]) -> impl Future<Output = ()> + use<> {
    let number = 200 + i64::try_from(chance.below(6)).unwrap();
    let (person, start) = (chance.below(3), starts[chance.below(starts.len())]);
    let what = chance.below(8);
    let mut by = client(world, people::applicant());
    let held = HoldCommand { application_number: number };
    async move {
        let right = by.get_booking_right(GetBookingRightRequest { application_number: number }).await.unwrap();
        let visits = right.into_inner().appointments;
        let some = visits.get(person % visits.len().max(1)).map(|visit| visit.id.clone()).unwrap_or_default();
        let _ = match what {
            0 | 1 => {
                let person_item_id = demo::item(number, person as u128).to_string();
                let appointments = vec![AppointmentChoice { person_item_id, start_at_micros: start }];
                by.book_appointments(BookAppointmentsRequest {
                    application_number: number,
                    appointments,
                    ..BookAppointmentsRequest::default()
                })
                .await
            }
            2 | 3 => {
                let wanted = HoldPlacesRequest {
                    application_number: number,
                    start_at_micros: start,
                    person_item_ids: Vec::new(),
                    ..HoldPlacesRequest::default()
                };
                by.hold_places(wanted).await
            }
            4 => by.confirm_hold(held).await,
            5 => by.release_hold(held).await,
            6 => {
                let request = MoveAppointmentRequest {
                    appointment_id: some,
                    start_at_micros: start,
                    ..MoveAppointmentRequest::default()
                };
                by.move_appointment(request).await
            }
            _ => by.cancel_appointment(CancelAppointmentRequest { appointment_id: some }).await,
        };
    }
}

/// Counts what each slot says against what there is; tells the fullest.
async fn check(world: &Alone, round: usize) -> i64 {
    let db = world.context.db.read();
    let ask = |sql: &str| Statement::from_string(db.get_database_backend(), sql.to_owned());
    let slots = "SELECT CAST(s.taken AS BIGINT) AS taken, (SELECT COUNT(*) FROM appointment a WHERE a.slot_id = s.id \
                 AND a.active) AS active FROM slot s";
    let mut fullest = 0;
    for row in db.query_all_raw(ask(slots)).await.unwrap() {
        let (taken, active): (i64, i64) = (row.try_get("", "taken").unwrap(), row.try_get("", "active").unwrap());
        assert!(taken == active && taken <= 2, "round {round}: {taken} taken, {active} active");
        fullest = fullest.max(taken);
    }
    let twice = "SELECT person_item_id FROM appointment WHERE active GROUP BY person_item_id HAVING COUNT(*) > 1";
    assert!(db.query_all_raw(ask(twice)).await.unwrap().is_empty(), "round {round}: a person has two visits");
    fullest
}
