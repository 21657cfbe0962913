//! Money by the bank's own logs of charges, holds, transfers and orders, beside what the books say.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    account::Account,
    bank::Charge,
    place::{Place, number, text},
};

fn charges(place: &Place) -> BTreeMap<String, Charge> {
    place.bank.charges().into_iter().map(|charge| (charge.operation.clone(), charge)).collect()
}

/// The cases that are paid, each with as much money at the bank as is settled of its invoice.
pub(super) async fn paid(place: &Place, account: &Account, broken: &mut Vec<String>) -> BTreeSet<i64> {
    let (charges, mut backed) = (charges(place), BTreeMap::<i64, (i64, i64, i64)>::new());
    let query = "SELECT b.application_number AS n, b.status, i.settled, i.total, e.operation, e.kind, e.reference, e.amount \
                 FROM billable b JOIN invoice i ON i.id = b.invoice_id LEFT JOIN evidence e ON e.invoice_id = i.id AND \
                 e.applied AND e.confirmed WHERE b.status IN ('paid', 'partly_refunded', 'refunded')";
    for row in place.rows("billing", query).await {
        let (case, settled) = (number(&row, "n"), number(&row, "settled"));
        let due = if text(&row, "status") == "paid" { number(&row, "total") } else { settled };
        let known = backed.entry(case).or_insert((settled, due, 0));
        let Some(operation) = row.try_get::<Option<String>>("", "operation").unwrap() else { continue };
        let minor = number(&row, "amount");
        let there = if text(&row, "kind") == "charge" {
            charges.get(&operation).is_some_and(|charge| charge.minor == minor)
        } else {
            let reference = text(&row, "reference");
            account.came.iter().any(|sent| sent.reference == reference && sent.minor >= minor)
        };
        if there {
            known.2 += minor;
        } else {
            broken.push(format!("case {case}: {operation} of {minor} is not at the bank"));
        }
    }
    for (case, (settled, due, there)) in &backed {
        if settled != due || there < settled {
            broken.push(format!("case {case} is paid: {settled} of {due} settled, and {there} at the bank"));
        }
    }
    backed.into_keys().collect()
}

/// All that the bank took is noted once, and all that it gave back; nothing is under way or held any more.
pub(super) async fn at_the_bank(place: &Place, broken: &mut Vec<String>) {
    let charges = charges(place);
    let mut noted: BTreeMap<String, i64> = BTreeMap::new();
    for row in place.rows("billing", "SELECT operation, amount FROM evidence WHERE kind = 'charge'").await {
        noted.insert(text(&row, "operation"), number(&row, "amount"));
    }
    for row in
        place.rows("payments", "SELECT bank_operation_id AS operation, charged_minor AS amount FROM mismatch").await
    {
        noted.insert(text(&row, "operation"), number(&row, "amount"));
    }
    for charge in charges.values() {
        match noted.get(&charge.operation) {
            None => broken.push(format!("the bank's {charge:?} is neither evidence nor on the review list")),
            Some(minor) if *minor != charge.minor => broken.push(format!("{charge:?} is noted as {minor}")),
            Some(_) => {}
        }
    }
    for operation in noted.keys().filter(|operation| !charges.contains_key(*operation)) {
        broken.push(format!("{operation} is noted, and the bank knows nothing of it"));
    }
    refunds(place, &charges, broken).await;
    for hold in place.bank.held().iter().filter(|hold| hold.open) {
        broken.push(format!("{hold:?} is still open"));
    }
    let open = "SELECT id, state FROM attempt WHERE state IN ('CREATED', 'REDIRECTED', 'AUTHORISED')";
    for row in place.rows("payments", open).await {
        broken.push(format!("attempt {} is still {}", text(&row, "id"), text(&row, "state")));
    }
    for row in place.rows("billing", "SELECT application_number AS n FROM billable WHERE live_attempt <> ''").await {
        broken.push(format!("billing still waits for an attempt on case {}", number(&row, "n")));
    }
}

/// What went back by the bank's log is what the books say went back to cards, charge by charge, and nothing hangs.
async fn refunds(place: &Place, charges: &BTreeMap<String, Charge>, broken: &mut Vec<String>) {
    let mut books: BTreeMap<String, i64> = BTreeMap::new();
    let done = "SELECT operation, SUM(amount) AS amount FROM refund_part WHERE state = 'done' GROUP BY operation";
    for row in place.rows("billing", done).await {
        books.insert(text(&row, "operation"), number(&row, "amount"));
    }
    for charge in charges.values() {
        let told = books.remove(&charge.operation).unwrap_or(0);
        if told != charge.returned {
            broken.push(format!("{charge:?}: {told} went back by the books"));
        }
    }
    for (operation, amount) in books {
        broken.push(format!("{amount} of {operation} went back by the books, and the bank knows no such charge"));
    }
    for row in place.rows("billing", "SELECT id, refund_id FROM refund_part WHERE state = 'sent'").await {
        broken.push(format!("part {} of {} is still at the bank", text(&row, "id"), text(&row, "refund_id")));
    }
}

/// What came to the centre for each case.
async fn came(place: &Place, account: &Account, broken: &mut Vec<String>) -> BTreeMap<i64, i64> {
    let mut came = BTreeMap::new();
    let mut cases = BTreeMap::new();
    for row in place.rows("payments", "SELECT id, application_number AS n FROM attempt").await {
        cases.insert(text(&row, "id"), number(&row, "n"));
    }
    for charge in place.bank.charges() {
        match cases.get(&charge.attempt) {
            Some(case) => *came.entry(*case).or_default() += charge.minor,
            None => broken.push(format!("{charge:?} is of no attempt")),
        }
    }
    let mut parts: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    let recorded = "SELECT reference, application_number AS n, amount FROM evidence WHERE kind = 'transfer'";
    for row in place.rows("billing", recorded).await {
        parts.entry(text(&row, "reference")).or_default().push((number(&row, "n"), number(&row, "amount")));
    }
    for sent in &account.came {
        let Some(parts) = parts.remove(&sent.reference) else {
            broken.push(format!("{sent:?} stands in no book"));
            continue;
        };
        if parts.iter().map(|(_, minor)| minor).sum::<i64>() != sent.minor {
            broken.push(format!("{sent:?} is recorded as {parts:?}"));
        }
        for (case, minor) in parts {
            *came.entry(case).or_default() += minor;
        }
    }
    for (reference, parts) in parts {
        broken.push(format!("{reference} {parts:?} is recorded, and never came"));
    }
    came
}

/// What went back for each case, to cards and by orders; and what was granted of it.
async fn went(place: &Place, account: &Account, broken: &mut Vec<String>) -> BTreeMap<i64, (i64, i64, i64)> {
    let mut went: BTreeMap<i64, (i64, i64, i64)> = BTreeMap::new();
    let charges = charges(place);
    let query = "SELECT r.id, r.application_number AS n, r.state, r.credited, r.released, r.order_number AS o, \
                 COALESCE((SELECT SUM(p.amount) FROM refund_part p WHERE p.refund_id = r.id AND p.state = 'done'), 0) AS \
                 back FROM refund r";
    for row in place.rows("billing", query).await {
        let (id, state, order) = (text(&row, "id"), text(&row, "state"), text(&row, "o"));
        let known = went.entry(number(&row, "n")).or_default();
        let (credited, released) = (number(&row, "credited"), number(&row, "released"));
        if ["approved", "sent", "failed", "done"].contains(&state.as_str()) {
            (known.1, known.2) = (known.1 + credited, known.2 + released);
        }
        let mut back = number(&row, "back");
        if !order.is_empty() {
            match account.orders.iter().find(|paid| paid.reference == order && paid.refund == id) {
                Some(paid) => back += paid.minor,
                None => broken.push(format!("refund {id} was paid by {order}, of which the bank knows nothing")),
            }
        }
        let whole = credited + released;
        if back > whole || (state == "done") != (back == whole) {
            broken.push(format!("refund {id} of {whole} is {state}, and {back} went back"));
        }
        known.0 += back;
    }
    let by_cards: i64 = charges.values().map(|charge| charge.returned).sum();
    let done =
        place.rows("billing", "SELECT COALESCE(SUM(amount), 0) AS n FROM refund_part WHERE state = 'done'").await;
    if done.iter().map(|row| number(row, "n")).sum::<i64>() != by_cards {
        broken.push(format!("{by_cards} went back to cards by the bank's log"));
    }
    went
}

/// By case: what came is applied, in suspense or granted to be given back; what is owed is what invoices in force lack; and
/// all of it sums to nothing.
pub(super) async fn in_the_books(place: &Place, account: &Account, broken: &mut Vec<String>) {
    let (came, went) = (came(place, account, broken).await, went(place, account, broken).await);
    let mut books: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
    let query = "SELECT application_number AS n, account, SUM(amount) AS amount FROM ledger_entry GROUP BY \
                 application_number, account";
    for row in place.rows("billing", query).await {
        books.entry(number(&row, "n")).or_default().insert(text(&row, "account"), number(&row, "amount"));
    }
    let (mut settled, mut owed): (BTreeMap<i64, i64>, BTreeMap<i64, i64>) = Default::default();
    let query = "SELECT i.document_number AS d, i.application_number AS n, i.state, i.total, i.settled, \
                 COALESCE((SELECT SUM(e.amount) FROM evidence e WHERE e.invoice_id = i.id AND e.applied AND e.confirmed), 0) \
                 AS shown FROM invoice i";
    for row in place.rows("billing", query).await {
        let (case, state, paid) = (number(&row, "n"), text(&row, "state"), number(&row, "settled"));
        let (total, shown) = (number(&row, "total"), number(&row, "shown"));
        if paid != shown.min(total) {
            broken.push(format!("{} of {total}: {paid} settled, {shown} confirmed", text(&row, "d")));
        }
        *settled.entry(case).or_default() += paid;
        if ["issued", "partly_paid"].contains(&state.as_str()) {
            *owed.entry(case).or_default() += total - paid;
        }
    }
    let mut cases: BTreeSet<i64> = books.keys().copied().collect();
    cases.extend(came.keys().chain(went.keys()));
    for case in cases {
        let of = |name: &str| books.get(&case).and_then(|book| book.get(name)).copied().unwrap_or(0);
        let (came, settled) = (came.get(&case).copied().unwrap_or(0), settled.get(&case).copied().unwrap_or(0));
        let (back, credited, released) = went.get(&case).copied().unwrap_or_default();
        let expected = [
            ("bank", came - back),
            ("suspense", -(came - settled - released)),
            ("refunds", -(credited + released - back)),
            ("receivable", owed.get(&case).copied().unwrap_or(0)),
        ];
        for (name, minor) in expected {
            if of(name) != minor {
                broken.push(format!("case {case}: {name} is {}, not {minor}", of(name)));
            }
        }
        if came - settled - released < 0 || credited > settled {
            broken.push(format!("case {case}: {came} came, {settled} settled, {credited} and {released} granted back"));
        }
        let sum: i64 = books.get(&case).map_or(0, |book| book.values().sum());
        if sum != 0 {
            broken.push(format!("case {case}: the ledger sums to {sum}"));
        }
    }
}
