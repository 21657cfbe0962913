//! Visits by booking's own journal: what is held lapses, who is here has one ticket, who missed too much is kept away, and
//! nobody is left on a day that the office has closed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::place::{MISSED_MAX, Place, flag, number, text};

/// What was held before a visit was missed may still be confirmed, for as long as a hold lasts.
const HOLD_MICROS: i64 = 10 * 60 * 1_000_000;
/// Times that an applicant may choose anew.
const MOVES_MAX: i64 = 3;

pub(super) async fn of_the_office(place: &Place, broken: &mut Vec<String>) {
    for row in place.rows("booking", "SELECT id FROM appointment WHERE state = 'held'").await {
        broken.push(format!("{} is still held", text(&row, "id")));
    }
    for row in place.rows("booking", &format!("SELECT id FROM appointment WHERE moves > {MOVES_MAX}")).await {
        broken.push(format!("{} was moved too often", text(&row, "id")));
    }
    tickets(place, broken).await;
    missed(place, broken).await;
    closed(place, broken).await;
}

/// Each who was received has one ticket, which ends with his visit; numbers of a day follow each other.
async fn tickets(place: &Place, broken: &mut Vec<String>) {
    let received = "SELECT a.id, a.state, COUNT(t.id) AS n, COUNT(t.ended_at) AS ended FROM appointment a LEFT JOIN ticket t \
                    ON t.appointment_id = a.id GROUP BY a.id, a.state";
    for row in place.rows("booking", received).await {
        let (id, state, tickets, ended) =
            (text(&row, "id"), text(&row, "state"), number(&row, "n"), number(&row, "ended"));
        let here = ["checked_in", "served"].contains(&state.as_str());
        if tickets != i64::from(here) || (state == "served" && ended != 1) {
            broken.push(format!("{id} is {state}: {tickets} tickets, {ended} ended"));
        }
    }
    let mut days: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let lanes = "SELECT t.id, t.day, t.number, t.lane, t.appointment_id, r.priority FROM ticket t JOIN booking_right r ON \
                 r.application_number = t.application_number ORDER BY t.day, t.number";
    for row in place.rows("booking", lanes).await {
        days.entry(text(&row, "day")).or_default().push(number(&row, "number"));
        let visit: Option<String> = row.try_get("", "appointment_id").unwrap();
        let expected = match (flag(&row, "priority"), visit) {
            (true, _) => "priority",
            (false, Some(_)) => "booked",
            (false, None) => "walk_in",
        };
        if text(&row, "lane") != expected {
            broken.push(format!("ticket {} is in the lane {}, not {expected}", text(&row, "id"), text(&row, "lane")));
        }
    }
    for (day, numbers) in days {
        if numbers.iter().zip(1..).any(|(given, expected)| *given != expected) {
            broken.push(format!("tickets of {day}: {numbers:?}"));
        }
    }
}

/// By the journal, nobody has booked for himself after he had missed too many visits of his case.
async fn missed(place: &Place, broken: &mut Vec<String>) {
    let journal = "SELECT c.appointment_id AS id, c.at, c.version, c.\"by\" AS by_whom, c.what, a.application_number AS n, a.account_id AS \
                   owner FROM appointment_change c JOIN appointment a ON a.id = c.appointment_id JOIN booking_right r ON \
                   r.application_number = a.application_number WHERE r.missed_max IS NULL AND c.what IN ('MISS', 'BOOK') \
                   ORDER BY c.at, c.version";
    let mut misses: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
    for row in place.rows("booking", journal).await {
        let of_case = misses.entry(number(&row, "n")).or_default();
        let at = number(&row, "at");
        if text(&row, "what") == "MISS" {
            of_case.insert(text(&row, "id"), at);
            continue;
        }
        let (by, owner) = (text(&row, "by_whom"), format!("user:{}", text(&row, "owner")));
        if by == owner && of_case.values().filter(|missed| **missed < at - HOLD_MICROS).count() >= MISSED_MAX {
            broken.push(format!("{} was booked by one who has missed too much", text(&row, "id")));
        }
    }
}

/// Whoever is booked on a day that is closed now has been told.
async fn closed(place: &Place, broken: &mut Vec<String>) {
    let mut days = BTreeSet::new();
    let editions = "SELECT from_date AS day, body FROM office_edition WHERE part = 'day' ORDER BY version";
    for row in place.rows("booking", editions).await {
        if text(&row, "body").contains("closed") {
            days.insert(text(&row, "day"));
        } else {
            days.remove(&text(&row, "day"));
        }
    }
    let zone = &place.services["booking"].context.zone;
    let now = place.sources.now();
    let booked = "SELECT id, start_at, displaced_at FROM appointment WHERE state = 'booked'";
    for row in place.rows("booking", booked).await {
        let start = kernel::Time::from_micros(number(&row, "start_at"));
        let told = row.try_get::<Option<i64>>("", "displaced_at").unwrap().is_some();
        if start > now && !told && days.contains(&zone.date(start).to_string()) {
            broken.push(format!("{} is booked on a closed day, and nobody has told its applicant", text(&row, "id")));
        }
    }
}
