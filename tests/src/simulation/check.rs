//! What must hold: some of it after every step, all of it when everything has settled, against the bank's own log.

mod money;
mod statements;
mod visits;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    account::{Account, Line},
    place::{Place, flag, number, text},
};

/// Cheap, after each step. `paid` remembers what was paid once.
pub async fn now(place: &Place, account: &Account, paid: &mut BTreeSet<i64>) -> Vec<String> {
    let mut broken = Vec::new();
    let slots = "SELECT s.id, s.capacity, s.taken, (SELECT COUNT(*) FROM appointment a WHERE a.slot_id = s.id AND \
                 a.active) AS active FROM slot s WHERE s.taken <> active OR s.taken > s.capacity";
    for row in place.rows("booking", slots).await {
        broken.push(format!(
            "I5 slot {}: {} taken, {} active",
            text(&row, "id"),
            number(&row, "taken"),
            number(&row, "active")
        ));
    }
    let live = "SELECT invoice_id, COUNT(*) AS n FROM attempt WHERE state IN ('CREATED', 'REDIRECTED') GROUP BY \
                invoice_id HAVING n > 1";
    for row in place.rows("payments", live).await {
        broken.push(format!("{} live attempts on invoice {}", number(&row, "n"), text(&row, "invoice_id")));
    }
    let applied = "SELECT invoice_id, COUNT(*) AS n FROM evidence WHERE applied AND kind = 'charge' GROUP BY invoice_id \
                   HAVING n > 1";
    for row in place.rows("billing", applied).await {
        broken.push(format!("{} charges applied to invoice {}", number(&row, "n"), text(&row, "invoice_id")));
    }
    let still = money::paid(place, account, &mut broken).await;
    for case in paid.difference(&still) {
        broken.push(format!("case {case} was paid and is so no more"));
    }
    paid.extend(still);
    broken
}

/// All of it, when nothing is under way any more.
pub async fn settled(place: &Place, account: &Account, on_account: &[Line]) -> Vec<String> {
    let mut broken = Vec::new();
    deliveries(place, &mut broken).await;
    money::at_the_bank(place, &mut broken).await;
    money::in_the_books(place, account, &mut broken).await;
    statements::days(place, on_account, &mut broken).await;
    visits::of_the_office(place, &mut broken).await;
    numbers(place, &mut broken).await;
    agreement(place, &mut broken).await;
    broken
}

/// I6: every fact is published and in the inbox of each of its readers, and nothing is parked.
async fn deliveries(place: &Place, broken: &mut Vec<String>) {
    for (service, running) in &place.services {
        for row in place.rows(service, "SELECT consumer, event_id, reason FROM inbox_parked").await {
            let (consumer, event) = (text(&row, "consumer"), text(&row, "event_id"));
            broken.push(format!("I6 parked by {consumer}: {event}: {}", text(&row, "reason")));
        }
        for consumer in &running.consumers {
            let seen: BTreeSet<String> = place
                .rows(service, &format!("SELECT event_id FROM inbox WHERE consumer = '{}'", consumer.name))
                .await
                .iter()
                .map(|row| text(row, "event_id"))
                .collect();
            for row in place.rows(consumer.producer, "SELECT event_id, fact FROM outbox").await {
                let (event, fact) = (text(&row, "event_id"), text(&row, "fact"));
                if consumer.facts.contains(&fact.as_str()) && !seen.contains(&event) {
                    broken.push(format!("I6 {fact} {event} is not in the inbox of {}", consumer.name));
                }
            }
        }
    }
}

/// Invoice numbers of a year follow each other, and references are given once.
async fn numbers(place: &Place, broken: &mut Vec<String>) {
    let mut by_series: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut references = BTreeSet::new();
    for row in place.rows("billing", "SELECT document_number, reference_number FROM invoice").await {
        let document = text(&row, "document_number");
        let (series, sequence) = document.rsplit_once('/').unwrap();
        by_series.entry(series.to_owned()).or_default().push(sequence.parse().unwrap());
        if !references.insert(text(&row, "reference_number")) {
            broken.push(format!("reference {} was given twice", text(&row, "reference_number")));
        }
    }
    for (series, mut given) in by_series {
        given.sort_unstable();
        if given.iter().zip(1..).any(|(given, expected)| *given != expected) {
            broken.push(format!("numbers of {series}: {given:?}"));
        }
    }
}

/// What one service tells of another's is what the other has, and an ended case is over for all.
async fn agreement(place: &Place, broken: &mut Vec<String>) {
    let mut states: BTreeMap<i64, (String, String)> = BTreeMap::new();
    for row in place.rows("applications", "SELECT number, state, payment_status FROM application").await {
        states.insert(number(&row, "number"), (text(&row, "state"), text(&row, "payment_status")));
    }
    let ended = |state: &str| matches!(state, "CANCELLED" | "REJECTED" | "EXPIRED");
    let query = "SELECT b.application_number AS n, b.status, b.closed, b.expired, i.state AS invoice FROM billable b \
                 LEFT JOIN invoice i ON i.id = b.invoice_id";
    for row in place.rows("billing", query).await {
        let (case, status) = (number(&row, "n"), text(&row, "status"));
        let (state, shown) = &states[&case];
        if *shown != status {
            broken.push(format!("case {case} shows '{shown}', billing says '{status}'"));
        }
        let invoice: Option<String> = row.try_get("", "invoice").unwrap();
        let over = flag(&row, "closed") || (state == "EXPIRED" && flag(&row, "expired"));
        let payable = !over || invoice.as_deref() == Some("issued");
        if ended(state) && payable {
            broken.push(format!("case {case} is {state} and could be paid"));
        }
        if state == "AWAITING_PAYMENT" && (flag(&row, "expired") || status == "paid") {
            broken.push(format!("case {case} waits for its payment, which is over: '{status}'"));
        }
    }
    let mut open: BTreeSet<i64> = BTreeSet::new();
    for row in place.rows("booking", "SELECT application_number AS n, open FROM booking_right").await {
        if flag(&row, "open") {
            open.insert(number(&row, "n"));
        }
    }
    let persons = place.rows("applications", "SELECT DISTINCT number AS n FROM person").await;
    let fetched: BTreeSet<i64> = persons.iter().map(|row| number(row, "n")).collect();
    let lacking = "SELECT DISTINCT number AS n FROM person WHERE item_state = 'awaiting_originals'";
    let lacking: BTreeSet<i64> = place.rows("applications", lacking).await.iter().map(|row| number(row, "n")).collect();
    for (case, (state, _)) in &states {
        let awaited = match state.as_str() {
            // Some moved on before others have come.
            "IN_PROGRESS" => lacking.contains(case),
            "AWAITING_DOCUMENTS" | "DOCS_PARTIAL" => true,
            // Of a case without persons nobody has anything to fetch.
            "READY_FOR_PICKUP" => fetched.contains(case),
            _ => false,
        };
        if awaited != open.contains(case) {
            broken.push(format!("case {case} is {state}, its right to book is open: {}", !awaited));
        }
    }
    let visits = |rows: Vec<sea_orm::QueryResult>| -> BTreeMap<String, (i64, String, i64)> {
        let told = |row: &sea_orm::QueryResult| (number(row, "n"), text(row, "state"), number(row, "version"));
        rows.iter().map(|row| (text(row, "id"), told(row))).collect()
    };
    let booked = visits(
        place
            .rows(
                "booking",
                "SELECT id, application_number AS n, state, version FROM appointment WHERE state <> 'held'",
            )
            .await,
    );
    let shown =
        visits(place.rows("applications", "SELECT appointment_id AS id, number AS n, state, version FROM visit").await);
    if booked != shown {
        broken.push(format!("visits differ: booking {booked:?}, applications {shown:?}"));
    }
    for (id, (case, state, _)) in booked {
        if state == "booked" && states[&case].0 == "CANCELLED" {
            broken.push(format!("{id} is kept for case {case}, which is cancelled"));
        }
    }
}
